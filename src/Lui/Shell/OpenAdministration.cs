// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tutti.Contracts.Hub.V1;
using Tutti.Frame.Layout;
using Tutti.Frame.People;
using Tutti.Frame.Pipeline;
using Tutti.Lui.Components;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Shell;

/// <summary>Takes an administrator to the hub's pages without a second sign-in: by a one-time ticket that a form posts there.</summary>
internal static class OpenAdministration
{
    /// <summary>Where the navigation's form is sent to, relative to the component's base.</summary>
    public const string Path = "administration";

    private const string HubPath = "/hub";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(4);

    public static void MapOpenAdministration(this WebApplication app) =>
        app.MapPost("/" + Path, Open).RequireAuthorization(policy => policy.RequireRole(FrameRoles.Administrator)).DisableAntiforgery().ExcludeFromDescription();

    private static async Task Open(HttpContext context, IAntiforgery forms, HubCaller hub, ServerConfiguration server, TimeProvider clock, CancellationToken stop)
    {
        if (!await forms.IsRequestValidAsync(context) || SignedIn.Of(context.User) is not { } person)
        {
            await PlainPage.Write(context, StatusCodes.Status400BadRequest, ShellWords.PageTooOld, ShellWords.PageTooOldMeaning);
            return;
        }

        try
        {
            var reply = await new SignIn.SignInClient(hub.Channel()).IssueTicketAsync(
                new TicketRequest { Account = person.Name },
                deadline: clock.GetUtcNow().UtcDateTime + _patience,
                cancellationToken: stop);

            // Where both share a port people stay on the host name by which they came.
            var sharesPort = server.Components.Contains("hub") && server.Of("hub").WebPort == server.Of("lui").WebPort;
            await PostOnPage.Write(
                context, ShellWords.ToAdministration, ShellWords.GoOn, (sharesPort ? "" : reply.PublicUrl) + HubPath + PeopleFeature.TicketPath, "ticket", reply.Ticket);
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.PermissionDenied)
        {
            await PlainPage.Write(context, StatusCodes.Status403Forbidden, ShellWords.ForAdministrators, ShellWords.ForAdministratorsMeaning);
        }
        catch (RpcException) when (!stop.IsCancellationRequested)
        {
            context.Response.Headers.RetryAfter = "10";
            await PlainPage.Write(context, StatusCodes.Status503ServiceUnavailable, ShellWords.HubSilent, ShellWords.HubSilentMeaning);
        }
    }
}
