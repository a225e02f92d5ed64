// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Tutti.Mail.Links;
using Tutti.Trk.PublicPages;
using Tutti.Trk.Spool;

namespace Tutti.Trk.Clicks;

/// <summary>Leads a reader where a link points, after her click is on the disk.</summary>
internal sealed class FollowLink(TokenReader tokens, EventSpool spool)
{
    /// <summary>The query of a page that tries again by itself: its click was counted when it first came.</summary>
    private const string Again = "?again";

    /// <summary>Answers a request whose path begins with <see cref="LinkPaths.Click"/>.</summary>
    public Task Answer(HttpContext context, string path)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return Answers.NotAllowed(context, "GET, HEAD");
        }

        if (!tokens.TryRead(path, LinkKind.Click, out var token, out var job))
        {
            return Answers.NotFound(context);
        }

        // Who only asks for the headers is no reader.
        return HttpMethods.IsHead(context.Request.Method) || context.Request.QueryString.Value == Again
            ? Lead(context, job?.TargetOf(token.Link))
            : CountAndLead(context, spool.Append(tokens.EventOf(context, token, job)), job?.TargetOf(token.Link));
    }

    private static async Task CountAndLead(HttpContext context, ValueTask<SpoolResult> counting, string? target)
    {
        // The event comes first: a redirect that was never counted cannot be told from one that never happened.
        // Where the disk refuses, the reader is led on all the same; the spool counts and reports the loss.
        await (await counting == SpoolResult.Stopping ? Answers.LaterPlease(context) : Lead(context, target));
    }

    private static Task Lead(HttpContext context, string? target)
    {
        if (target is null)
        {
            // Ours, but published here later than it was followed.
            context.Response.Headers.RetryAfter = "5";
            return PublicPage.Write(
                context,
                StatusCodes.Status503ServiceUnavailable,
                "One moment",
                $"<p>This link is new here. The page tries again by itself in a few seconds.</p><p><a href=\"{Again}\">Try again now</a></p>",
                $"5;url={Again}");
        }

        context.Response.StatusCode = StatusCodes.Status302Found;
        var headers = context.Response.Headers;
        headers.Location = target;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        return Task.CompletedTask;
    }
}
