// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Tutti.Mail.Links;
using Tutti.Trk.PublicPages;
using Tutti.Trk.Spool;

namespace Tutti.Trk.Opens;

/// <summary>Answers the open image of a message, after the open is on the disk.</summary>
internal sealed class ShowImage(TokenReader tokens, EventSpool spool)
{
    /// <summary>A GIF of one transparent pixel.</summary>
    internal static readonly byte[] Image = Convert.FromHexString("47494638396101000100800000000000FFFFFF21F90401000000002C00000000010001000002024401003B");

    /// <summary>Answers a request whose path begins with <see cref="LinkPaths.Open"/>.</summary>
    public Task Answer(HttpContext context, string path)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return Answers.NotAllowed(context, "GET, HEAD");
        }

        if (!tokens.TryRead(path, LinkKind.Open, out var token, out var job))
        {
            return Answers.NotFound(context);
        }

        return HttpMethods.IsHead(context.Request.Method)
            ? Show(context, withBody: false)
            : CountAndShow(context, spool.Append(tokens.EventOf(context, token, job)));
    }

    private static async Task CountAndShow(HttpContext context, ValueTask<SpoolResult> counting) =>
        await (await counting == SpoolResult.Stopping ? Answers.LaterPlease(context) : Show(context, withBody: true));

    private static Task Show(HttpContext context, bool withBody)
    {
        var response = context.Response;
        response.ContentType = "image/gif";
        response.ContentLength = Image.Length;
        response.Headers.CacheControl = "no-store";
        if (!withBody)
        {
            return Task.CompletedTask;
        }

        var writing = response.BodyWriter.WriteAsync(Image);
        return writing.IsCompletedSuccessfully ? Task.CompletedTask : writing.AsTask();
    }
}
