// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Frame.Words;
using Tutti.Lui.Suppression;
using Tutti.Lui.Viewing;

namespace Tutti.Lui.Insight;

/// <summary>
/// The page behind the drop-in ProfileURL: for whoever has the link, without an account and without script. Looking changes nothing; a form with a token of
/// the page says that no more mail is wanted.
/// </summary>
internal static class ProfileRoutes
{
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    private const string NoMore = "no-more";

    public static WebApplicationBuilder AddInsight(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ReadProfile>();
        return builder;
    }

    public static void MapInsight(this WebApplication app)
    {
        app.MapGet(ViewLinks.ProfileRoot + "{token}", Show).AllowAnonymous().ExcludeFromDescription();
        app.MapPost(ViewLinks.ProfileRoot + "{token}", Save).AllowAnonymous().ExcludeFromDescription().DisableAntiforgery();
    }

    private static async Task Show(string token, HttpContext context, ReadProfile use, IAntiforgery forms)
    {
        var profile = await use.Handle(token, context.RequestAborted);
        await Write(context, profile is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK, profile is null ? Gone() : Page(profile, forms.GetAndStoreTokens(context), saved: false));
    }

    private static async Task Save(string token, HttpContext context, ReadProfile use, SuppressionStore suppressions, IAntiforgery forms, TimeProvider clock)
    {
        if (await use.Handle(token, context.RequestAborted) is not { } profile)
        {
            await Write(context, StatusCodes.Status404NotFound, Gone());
            return;
        }

        if (!context.Request.HasFormContentType || !await forms.IsRequestValidAsync(context))
        {
            await Write(context, StatusCodes.Status400BadRequest, Frame(InsightWords.TooOld, $"<p>{Encoded(InsightWords.TooOldMeaning)}</p>"));
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form[NoMore] == "1" && !profile.IsTest)
        {
            var now = clock.GetUtcNow();
            await suppressions.Add(
                [new SuppressedAddress(profile.Normalized, string.Create(CultureInfo.InvariantCulture, $"unsubscribed on {now:yyyy-MM-dd}"), "unsubscribe", now.ToUnixTimeMilliseconds())], context.RequestAborted);
            profile = profile with { Suppressed = true };
        }

        await Write(context, StatusCodes.Status200OK, Page(profile, forms.GetAndStoreTokens(context), saved: true));
    }

    private static async Task Write(HttpContext context, int status, string page)
    {
        var headers = context.Response.Headers;
        headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "private, no-store";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(page, context.RequestAborted);
    }

    private static string Gone() => Frame(InsightWords.Gone, $"<p>{WebUtility.HtmlEncode(InsightWords.GoneMeaning)}</p>");

    private static string Page(Profile profile, AntiforgeryTokenSet token, bool saved)
    {
        var page = new StringBuilder();
        var sender = profile.SenderName.Length > 0 ? $"{profile.SenderName} ({profile.SenderAddress})" : profile.SenderAddress;
        page.Append("<p>").Append(Encoded(SharedWords.Fill(InsightWords.Why, profile.Address, sender, profile.SentAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))).Append("</p>");
        if (saved)
        {
            page.Append("<p role=\"status\"><strong>").Append(Encoded(profile.Suppressed ? InsightWords.SavedNoMore : InsightWords.Saved)).Append("</strong></p>");
        }

        page.Append("<h2>").Append(Encoded(InsightWords.Held)).Append("</h2><dl>");
        foreach (var (name, value) in profile.Fields)
        {
            page.Append("<dt>").Append(Encoded(name)).Append("</dt><dd>").Append(Encoded(value.Length > 0 ? value : InsightWords.Nothing)).Append("</dd>");
        }

        page.Append("</dl><form method=\"post\">")
            .Append(CultureInfo.InvariantCulture, $"<input type=\"hidden\" name=\"{Encoded(token.FormFieldName)}\" value=\"{Encoded(token.RequestToken ?? "")}\">");
        page.Append(profile.Suppressed
            ? $"<p>{Encoded(InsightWords.IsSuppressed)}</p>"
            : $"<p><label><input type=\"checkbox\" name=\"{NoMore}\" value=\"1\"> {Encoded(InsightWords.NoMore)}</label></p><p><button type=\"submit\">{Encoded(InsightWords.Save)}</button></p>");
        return Frame(InsightWords.Title, page.Append("</form>").ToString());
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);

    private static string Frame(string title, string body) =>
        $$"""
        <!doctype html>
        <html lang="{{Encoded(FrameWords.Language)}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
        <title>{{Encoded(title)}}</title>
        <style>:root{color-scheme:light dark}body{margin:16px auto;max-width:60ch;padding:0 16px;font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}h1{font-size:22px}h2{font-size:18px}dt{font-weight:600}dd{margin:0 0 8px}label,button{display:inline-block;min-height:24px}button{font:inherit;padding:8px 16px}</style></head>
        <body><main><h1>{{Encoded(title)}}</h1>
        {{body}}</main></body></html>
        """;
}
