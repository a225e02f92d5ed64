// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;

namespace Tutti.Frame.Pipeline;

/// <summary>Tells browsers what pages of ours may do. An endpoint that wants it stricter sets its own policy first.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    // MudBlazor sets styles inline; script comes only from files.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "frame-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'";

    public Task Invoke(HttpContext context)
    {
        context.Response.OnStarting(
            static state =>
            {
                var headers = ((HttpContext)state).Response.Headers;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "same-origin";
                if (!headers.ContentSecurityPolicy.ToString().Contains("default-src", StringComparison.Ordinal))
                {
                    headers.ContentSecurityPolicy = Policy;
                }

                return Task.CompletedTask;
            },
            context);
        return next(context);
    }
}
