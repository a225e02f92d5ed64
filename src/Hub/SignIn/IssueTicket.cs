// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Accounts;
using Tutti.Hub.Audit;

namespace Tutti.Hub.SignIn;

/// <summary>Gives an administrator who is signed in at the user interface a ticket to the hub's pages.</summary>
internal sealed class IssueTicket(AccountStore accounts, AuditStore audit, SignInTickets tickets)
{
    /// <param name="Account">The account's name.</param>
    /// <param name="ClientAddress">Where the person is.</param>
    public sealed record Command(string Account, string ClientAddress);

    /// <summary>The ticket; null if there is no such account or it may not administer.</summary>
    public async Task<string?> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await accounts.Find(command.Account, cancellationToken) is not { Administrator: true } account)
        {
            return null;
        }

        await audit.Add("sign-in.ticket", account.Name, command.ClientAddress, "", cancellationToken);
        return tickets.Issue(account.Name);
    }
}
