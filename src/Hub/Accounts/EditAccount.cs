// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Audit;
using Tutti.Hub.Servers;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Accounts;

/// <summary>Changes what is known of an account, and its role.</summary>
internal sealed class EditAccount(AccountStore accounts, AuditStore audit)
{
    /// <param name="Id">The account's number.</param>
    /// <param name="DisplayName">As people read it.</param>
    /// <param name="TimeZone">The zone in which they read times; empty for that of their browser.</param>
    /// <param name="Administrator">May administer the installation.</param>
    /// <param name="Doer">Who asks for it.</param>
    /// <param name="Mail">Where notices go to; empty for nowhere.</param>
    public sealed record Command(long Id, string DisplayName, string TimeZone, bool Administrator, Doer Doer, string Mail = "");

    public Task<Outcome<Account>> Handle(Command command, CancellationToken cancellationToken) => accounts.Change(
        command.Id,
        account => account.Describe(command.DisplayName, command.TimeZone, command.Administrator, command.Mail),
        (transaction, changed) => audit.Add(
            transaction, "account.changed", command.Doer.Account, command.Doer.From, changed.Administrator ? $"{changed.Name} (administrator)" : changed.Name, cancellationToken),
        cancellationToken);
}
