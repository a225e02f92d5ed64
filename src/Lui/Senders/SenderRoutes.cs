// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Senders;

/// <summary>Senders over REST.</summary>
internal static class SenderRoutes
{
    /// <summary>Who the recipients see as the sender.</summary>
    internal sealed record SenderDocument(string? Name, string Address, string? ReplyTo);

    public static RouteGroupBuilder MapSenders(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs/{job}/sender").WithTags("Sender").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapPut("/", (string job, SenderDocument sender, ClaimsPrincipal user, GetJob get, NameSender use, CancellationToken stop) => JobRoutes.Change(
            job,
            get,
            found => use.Handle(new NameSender.Command(found.Id, Actor.Of(user), sender.Name ?? "", sender.Address ?? "", sender.ReplyTo), stop),
            stop)).WithName("NameSender");
        jobs.MapPost("/override", (string job, ClaimsPrincipal user, GetJob get, OverrideSenderCheck use, CancellationToken stop) => JobRoutes.Change(
            job, get, found => use.Handle(new OverrideSenderCheck.Command(found.Id, Actor.Of(user)), stop), stop)).WithName("OverrideSenderCheck")
            .WithDescription("Lets the job leave although its sender domain has no DKIM key where one is needed. The journal says who decided so.");
        return api;
    }
}
