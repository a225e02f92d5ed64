// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Audit;
using Tutti.Hub.Servers;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Accounts;

/// <summary>Keeps an account out, or lets it in again.</summary>
internal sealed class AdmitAccount(AccountStore accounts, AuditStore audit, TimeProvider clock)
{
    /// <param name="Id">The account's number.</param>
    /// <param name="Admit">True lets it in again, false keeps it out.</param>
    /// <param name="Doer">Who asks for it.</param>
    public sealed record Command(long Id, bool Admit, Doer Doer);

    public Task<Outcome<Account>> Handle(Command command, CancellationToken cancellationToken) => accounts.Change(
        command.Id,
        account => command.Admit ? account.Enable() : account.Disable(clock.GetUtcNow()),
        (transaction, changed) => audit.Add(
            transaction, command.Admit ? "account.enabled" : "account.disabled", command.Doer.Account, command.Doer.From, changed.Name, cancellationToken),
        cancellationToken);
}
