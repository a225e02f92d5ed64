// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tutti.Frame.People;
using Tutti.Frame.Pipeline;
using Tutti.Hub.Accounts;
using Tutti.Hub.Audit;

namespace Tutti.Hub.SignIn;

/// <summary>Lets in whoever brings a ticket. It comes by a form of the user interface, perhaps on another host; the ticket is what proves it.</summary>
internal static class SignInByTicket
{
    private const string Field = "ticket";

    public static void MapSignInByTicket(this WebApplication app) =>
        app.MapPost(PeopleFeature.TicketPath, Enter).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    private static async Task Enter(HttpContext context, SignInTickets tickets, AccountStore accounts, AuditStore audit, CancellationToken stop)
    {
        var ticket = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(stop))[Field].ToString() : "";
        if (tickets.Take(ticket) is not { } name || await accounts.Find(name, stop) is not { MayAdminister: true } account)
        {
            await PlainPage.Write(
                context, StatusCodes.Status403Forbidden, SignInWords.TicketUsed, SignInWords.TicketUsedMeaning);
            return;
        }

        await audit.Add("sign-in.accepted", account.Name, context.Connection.RemoteIpAddress?.ToString() ?? "", SignInWords.ByTicket, stop);
        await context.SignIn(new SignedIn(account.Id, account.Name, account.DisplayName, Administrator: true) { Stamp = account.Stamp, TimeZone = account.TimeZone });
        context.Response.Redirect(context.Request.PathBase + "/");
    }
}
