// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Tutti.Frame.Layout;
using Tutti.Frame.People;

namespace Tutti.Hub.Servers;

/// <summary>Where the forms of the page for servers are sent to.</summary>
internal static class ServerForms
{
    /// <summary>Relative to the component's base.</summary>
    public const string AddPath = "servers/add";

    /// <summary>Relative to the component's base.</summary>
    public const string RemovePath = "servers/remove";

    public static void MapServerForms(this WebApplication app)
    {
        app.MapPost("/" + AddPath, Add).RequireAuthorization(policy => policy.RequireRole(FrameRoles.Administrator)).DisableAntiforgery();
        app.MapPost("/" + RemovePath, Remove).RequireAuthorization(policy => policy.RequireRole(FrameRoles.Administrator)).DisableAntiforgery();
    }

    private static async Task<IResult> Add(HttpContext context, IAntiforgery forms, AddServer use, JoinsUnderWay joins, CancellationToken stop)
    {
        if (await Read(context, forms, stop) is not { } form)
        {
            return TooOld();
        }

        var address = form["address"].ToString();
        if (form["code"].ToString().Trim() is { Length: > 0 } code)
        {
            // What is wrong with it is told beside the others: the field is not filled again with a secret.
            joins.Begin(address.Trim(), code, DoerOf(context));
            return Back(QueryString.Empty);
        }

        return (await use.Handle(new(address, DoerOf(context)), stop)).Is(out var added, out var refusal)
            ? Back(QueryString.Create("added", string.Join(", ", added.Processes.Select(process => process.Address))).Add("notes", string.Join('\n', added.Notes)))
            : Back(QueryString.Create("address", address).Add("refused", refusal.Message));
    }

    private static async Task<IResult> Remove(HttpContext context, IAntiforgery forms, RemoveServer use, CancellationToken stop)
    {
        if (await Read(context, forms, stop) is not { } form)
        {
            return TooOld();
        }

        var address = form["address"].ToString();
        return (await use.Handle(new(address, form["force"] == "true", DoerOf(context)), stop)).Is(out var removed, out var refusal)
            ? Back(QueryString.Create("removed", removed.Server.Address).Add("notes", string.Join('\n', removed.Notes)))
            : TypedResults.LocalRedirect("~/servers/removal" + QueryString.Create("server", address).Add("refused", refusal.Message));
    }

    // Checked here and not by the middleware, so that an old page gets an answer in words.
    private static async Task<IFormCollection?> Read(HttpContext context, IAntiforgery forms, CancellationToken stop) =>
        context.Request.HasFormContentType && await forms.IsRequestValidAsync(context) ? await context.Request.ReadFormAsync(stop) : null;

    private static ContentHttpResult TooOld() =>
        TypedResults.Text(ServersWords.PageTooOld, statusCode: StatusCodes.Status400BadRequest);

    private static RedirectHttpResult Back(QueryString query) => TypedResults.LocalRedirect("~/servers" + query);

    private static Doer DoerOf(HttpContext context) =>
        new(SignedIn.Of(context.User)?.Name ?? "", context.Connection.RemoteIpAddress?.ToString() ?? "");
}
