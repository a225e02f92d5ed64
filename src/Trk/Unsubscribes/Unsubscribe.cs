// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Tutti.Mail.Links;
using Tutti.Trk.Publications;
using Tutti.Trk.PublicPages;
using Tutti.Trk.Spool;

namespace Tutti.Trk.Unsubscribes;

/// <summary>
/// Takes the wish to get no more mail: GET asks, POST does it (RFC 8058). Link scanners follow links and ask for
/// headers, but they post nothing.
/// </summary>
internal sealed class Unsubscribe(TokenReader tokens, EventSpool spool)
{
    private const string ButtonValue = "unsubscribe";

    /// <summary>Answers a request whose path begins with <see cref="LinkPaths.Unsubscribe"/>.</summary>
    public async Task Answer(HttpContext context, string path)
    {
        var isPost = HttpMethods.IsPost(context.Request.Method);
        if (!isPost && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            await Answers.NotAllowed(context, "GET, HEAD, POST");
        }
        else if (!tokens.TryRead(path, LinkKind.Unsubscribe, out var token, out var job))
        {
            await Answers.NotFound(context);
        }
        else if (!isPost)
        {
            await Ask(context, StatusCodes.Status200OK, job);
        }
        else if (!await PostedForm.Says(context.Request, [("List-Unsubscribe", "One-Click"), ("answer", ButtonValue)], context.RequestAborted))
        {
            await Ask(context, StatusCodes.Status400BadRequest, job);
        }
        else
        {
            // Unlike a click this is worth nothing unless it is kept, so a refusing disk is told: mail programs try again.
            await (await spool.Append(tokens.EventOf(context, token, job)) == SpoolResult.Stored ? Done(context, job) : Answers.LaterPlease(context));
        }
    }

    private static Task Ask(HttpContext context, int status, PublishedJob? job) => PublicPage.Write(
        context,
        status,
        "Stop these messages?",
        $"""
        <p>{(HasName(job) ? $"You get them from <strong>{PublicPage.Escape(job!.SenderName)}</strong>." : "You get them because your address is on a mailing list.")} One press of the button takes you off.</p>
        <form method="post"><p><button name="answer" value="{ButtonValue}">Unsubscribe</button></p></form>
        <p class="why">You see this page because you followed the unsubscribe link of a message. If you leave it, nothing changes.</p>
        """);

    private static Task Done(HttpContext context, PublishedJob? job) => PublicPage.Write(
        context,
        StatusCodes.Status200OK,
        "You are unsubscribed",
        $"<p>{(HasName(job) ? $"<strong>{PublicPage.Escape(job!.SenderName)}</strong> has been told." : "The sender has been told.")} A message that is on its way already may still arrive.</p>");

    private static bool HasName(PublishedJob? job) => !string.IsNullOrWhiteSpace(job?.SenderName);
}
