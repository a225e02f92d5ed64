// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;

namespace Tutti.Trk.PublicPages;

/// <summary>Answers that several slices give.</summary>
internal static class Answers
{
    /// <summary>Nothing is here, and nothing is told about why.</summary>
    public static Task NotFound(HttpContext context) => PublicPage.Write(
        context,
        StatusCodes.Status404NotFound,
        "This address leads nowhere",
        "<p>The link may have been cut in two by a mail program, or it is no longer in use. Open the message again and follow the link from there.</p>");

    /// <summary>Another method than the address knows.</summary>
    public static Task NotAllowed(HttpContext context, string allowed)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = allowed;
        return Task.CompletedTask;
    }

    /// <summary>The component is stopping, or the disk refuses what must not be lost.</summary>
    public static Task LaterPlease(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "10";
        return PublicPage.Write(
            context,
            StatusCodes.Status503ServiceUnavailable,
            "Not available now",
            "<p>This could not be done just now. Try again in a minute.</p>");
    }
}
