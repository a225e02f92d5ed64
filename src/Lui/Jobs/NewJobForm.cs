// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Tutti.Lui.Jobs;

/// <summary>Where the form of the page for a new mail job is sent to.</summary>
internal static class NewJobForm
{
    /// <summary>Relative to the component's base.</summary>
    public const string Path = "jobs/create";

    public static void MapNewJobForm(this WebApplication app) =>
        app.MapPost("/" + Path, Create).RequireAuthorization().DisableAntiforgery().ExcludeFromDescription();

    // The form is checked here and not by the middleware, so that an old page gets an answer in words.
    private static async Task<IResult> Create(HttpContext context, IAntiforgery forms, CreateJob use, CancellationToken stop)
    {
        if (!context.Request.HasFormContentType || !await forms.IsRequestValidAsync(context))
        {
            return TypedResults.Text(JobsWords.PageTooOld, statusCode: StatusCodes.Status400BadRequest);
        }

        var form = await context.Request.ReadFormAsync(stop);
        var (title, prefix) = (form["title"].ToString(), form["prefix"].ToString());
        long? folder = long.TryParse(form["folder"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        return (await use.Handle(new(title, Actor.Of(context.User), folder, prefix), stop)).Is(out var job, out _)
            ? TypedResults.LocalRedirect($"~/jobs/{job.Code}")
            : TypedResults.LocalRedirect("~/jobs/new" + (prefix.Length > 0 ? QueryString.Create("title", title).Add("prefix", prefix) : QueryString.Create("title", title)).Add("refused", "true"));
    }
}
