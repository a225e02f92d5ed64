// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Audit;
using Tutti.Hub.Servers;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Accounts;

/// <summary>Makes an account.</summary>
internal sealed class CreateAccount(AccountStore accounts, Passwords passwords, AuditStore audit, TimeProvider clock)
{
    /// <param name="Name">What they type to sign in.</param>
    /// <param name="DisplayName">As people read it; empty for the name.</param>
    /// <param name="TimeZone">The zone in which they read times; empty for that of their browser.</param>
    /// <param name="Administrator">May administer the installation.</param>
    /// <param name="Password">Empty to have one made.</param>
    /// <param name="Doer">Who asks for it.</param>
    /// <param name="Mail">Where notices go to; empty for nowhere.</param>
    public sealed record Command(string Name, string DisplayName, string TimeZone, bool Administrator, string Password, Doer Doer, string Mail = "");

    /// <summary>The account, and its password if one was made.</summary>
    public async Task<Outcome<(Account Account, string? Made)>> Handle(Command command, CancellationToken cancellationToken)
    {
        var made = command.Password.Length == 0 ? Passwords.Invent() : null;
        var password = made ?? command.Password;
        if (!Account.CheckName(command.Name).Is(out var name, out var refusal) || !Account.CheckPassword(password).Is(out _, out refusal))
        {
            return refusal;
        }

        var bare = new Account(0, name, name, passwords.Hash(password), command.Administrator, clock.GetUtcNow());
        if (!bare.Describe(string.IsNullOrWhiteSpace(command.DisplayName) ? name : command.DisplayName, command.TimeZone, command.Administrator, command.Mail).Is(out var account, out refusal))
        {
            return refusal;
        }

        var added = await accounts.Add(
            account,
            onlyAsFirst: false,
            (transaction, entered) => audit.Add(transaction, "account.created", command.Doer.Account, command.Doer.From, entered.Name, cancellationToken),
            cancellationToken);
        return added.Is(out var kept, out refusal) ? (kept, made) : refusal;
    }
}
