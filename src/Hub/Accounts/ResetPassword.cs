// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Audit;
using Tutti.Hub.Servers;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Accounts;

/// <summary>Gives an account a password that nobody knows yet.</summary>
internal sealed class ResetPassword(AccountStore accounts, Passwords passwords, AuditStore audit)
{
    /// <param name="Id">The account's number.</param>
    /// <param name="Doer">Who asks for it.</param>
    public sealed record Command(long Id, Doer Doer);

    /// <summary>The account and its new password, which is nowhere else.</summary>
    public async Task<Outcome<(Account Account, string Password)>> Handle(Command command, CancellationToken cancellationToken)
    {
        var password = Passwords.Invent();
        var hash = passwords.Hash(password);
        var changed = await accounts.Change(
            command.Id,
            account => account.WithPassword(hash),
            (transaction, account) => audit.Add(transaction, "account.new-password", command.Doer.Account, command.Doer.From, account.Name, cancellationToken),
            cancellationToken);
        return changed.Is(out var kept, out var refusal) ? (kept, password) : refusal;
    }
}
