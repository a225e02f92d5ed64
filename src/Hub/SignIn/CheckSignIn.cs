// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Frame.Words;
using Tutti.Hub.Accounts;
using Tutti.Hub.Audit;

namespace Tutti.Hub.SignIn;

/// <summary>Tells whether somebody may come in. An unknown name costs and answers the same as a wrong password.</summary>
internal sealed partial class CheckSignIn(
    AccountStore accounts,
    Passwords passwords,
    SignInFailureStore failures,
    AuditStore audit,
    SignInSettings settings,
    TimeProvider clock,
    ILogger<CheckSignIn> logger) : IDisposable
{
    // Hashing is costly on purpose; guesses must not take all processors from the rest of the server.
    private readonly SemaphoreSlim _hashing = new(Math.Max(1, Environment.ProcessorCount / 2));

    public sealed record Query(string Account, string Password, string ClientAddress);

    /// <summary>The verdict: accepted with the account, locked until a moment, or refused.</summary>
    public sealed record Verdict(Account? Account, DateTimeOffset? LockedUntil)
    {
        public static Verdict Refused { get; } = new(null, null);
    }

    public async Task<Verdict> Handle(Query query, CancellationToken cancellationToken)
    {
        var key = Account.KeyOf(query.Account).Replace('\0', ' ');
        if (key.Length == 0 || query.Password.Length > Account.LongestPassword)
        {
            return Verdict.Refused;
        }

        var known = await failures.Find(key, cancellationToken);
        if (known.IsLocked(clock.GetUtcNow()))
        {
            await audit.Add("sign-in.locked", key, query.ClientAddress, "", cancellationToken);
            return new Verdict(null, known.LockedUntil);
        }

        var account = await accounts.Find(key, cancellationToken);
        if (!await Fits(account, query.Password, cancellationToken))
        {
            var counted = await failures.Add(key, clock.GetUtcNow(), settings, cancellationToken);
            await audit.Add("sign-in.refused", key, query.ClientAddress, SharedWords.Fill(SignInWords.WrongPasswords, SharedWords.Number(counted.Count)), cancellationToken);
            LogRefused(account?.Id ?? 0, counted.Count);
            return new Verdict(null, counted.LockedUntil);
        }

        // The right password of an account that is kept out is answered like a wrong one; only the log tells.
        if (!account!.MaySignIn)
        {
            await audit.Add("sign-in.disabled", account.Name, query.ClientAddress, "", cancellationToken);
            return Verdict.Refused;
        }

        if (known.Count > 0)
        {
            await failures.Clear(key, cancellationToken);
        }

        await audit.Add("sign-in.accepted", account.Name, query.ClientAddress, "", cancellationToken);
        LogAccepted(account.Id);
        return new Verdict(account, null);
    }

    public void Dispose() => _hashing.Dispose();

    private async Task<bool> Fits(Account? account, string password, CancellationToken cancellationToken)
    {
        string? betterHash;
        await _hashing.WaitAsync(cancellationToken);
        try
        {
            if (!passwords.Fits(account, password, out betterHash))
            {
                return false;
            }
        }
        finally
        {
            _hashing.Release();
        }

        if (betterHash is not null)
        {
            await accounts.SavePasswordHash(account!.Id, betterHash, cancellationToken);
        }

        return true;
    }

    [LoggerMessage(2101, LogLevel.Information, "Account {AccountId} signed in", EventName = "hub.sign-in.accepted")]
    private partial void LogAccepted(long accountId);

    [LoggerMessage(2102, LogLevel.Information, "A sign-in was refused for account {AccountId} (0 = no such account), {Failures} in a row", EventName = "hub.sign-in.refused")]
    private partial void LogRefused(long accountId, int failures);
}
