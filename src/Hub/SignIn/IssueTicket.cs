// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Accounts;

namespace Tutti.Hub.SignIn;

/// <summary>Gives an administrator who is signed in at the user interface a ticket to the hub's pages.</summary>
internal sealed class IssueTicket(AccountStore accounts, SignInTickets tickets)
{
    /// <summary>The ticket; null if there is no such account or it may not administer.</summary>
    public async Task<string?> Handle(string account, CancellationToken cancellationToken) =>
        await accounts.Find(account, cancellationToken) is { MayAdminister: true } found ? tickets.Issue(found.Name) : null;
}
