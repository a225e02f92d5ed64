// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Tutti.Frame.Layout;
using Tutti.Frame.People;
using Tutti.Hub.Servers;

namespace Tutti.Hub.Distributors;

/// <summary>Where the buttons of the page for lanes are sent to.</summary>
internal static class LaneForms
{
    /// <summary>Relative to the component's base.</summary>
    public const string PausePath = "lanes/pause";

    /// <summary>Relative to the component's base.</summary>
    public const string ResumePath = "lanes/resume";

    public static void MapLaneForms(this WebApplication app)
    {
        Map(app, PausePath, pause: true);
        Map(app, ResumePath, pause: false);
    }

    private static void Map(WebApplication app, string path, bool pause) => app
        .MapPost("/" + path, (HttpContext context, IAntiforgery forms, ChangeLane use, CancellationToken end) => Change(context, forms, use, pause, end))
        .RequireAuthorization(policy => policy.RequireRole(FrameRoles.Administrator))
        .DisableAntiforgery();

    private static async Task<IResult> Change(HttpContext context, IAntiforgery forms, ChangeLane use, bool pause, CancellationToken end)
    {
        // Checked here and not by the middleware, so that an old page gets an answer in words.
        if (!context.Request.HasFormContentType || !await forms.IsRequestValidAsync(context))
        {
            return TypedResults.Text(ServersWords.PageTooOld, statusCode: StatusCodes.Status400BadRequest);
        }

        var form = await context.Request.ReadFormAsync(end);
        var lane = form["lane"].ToString();
        var doer = new Doer(SignedIn.Of(context.User)?.Name ?? "", context.Connection.RemoteIpAddress?.ToString() ?? "");
        return (await use.Handle(new(form["server"].ToString(), lane, pause, doer), end)).Is(out _, out var refusal)
            ? Back(QueryString.Create(pause ? "paused" : "resumed", lane))
            : Back(QueryString.Create("refused", refusal.Message));
    }

    private static RedirectHttpResult Back(QueryString query) => TypedResults.LocalRedirect("~/lanes" + query);
}
