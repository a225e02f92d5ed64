// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;

namespace Tutti.Wiring.Hosting;

/// <summary>What callers hear while a component is stopped.</summary>
internal static class Unavailable
{
    private const string GrpcContentType = "application/grpc";

    public static async Task Write(HttpContext context, string component)
    {
        var response = context.Response;
        if (context.Request.ContentType?.StartsWith(GrpcContentType, StringComparison.Ordinal) == true)
        {
            // A gRPC answer without a message: the status stands in the headers. 14 is UNAVAILABLE.
            response.ContentType = GrpcContentType;
            response.Headers["grpc-status"] = "14";
            response.Headers["grpc-message"] = $"{component} is not running";
            return;
        }

        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = "10";
        response.ContentType = "text/html; charset=utf-8";
        await response.WriteAsync(
            """
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Not available now</title></head>
            <body style="font-family:system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem"><h1>Not available now</h1>
            <p>This part of the system is stopped or starting. Try again in a minute.</p></body></html>
            """);
    }
}

/// <summary><c>/health</c>: is the process alive and every component of this port running? <c>/ready</c>: can they do their work?</summary>
internal static class HealthAnswer
{
    public static async Task Write(HttpContext context, IReadOnlyList<RunningComponent> components)
    {
        var onlyAlive = context.Request.Path.Value is "/health";
        var states = new List<object>();
        var good = true;
        foreach (var component in components)
        {
            var report = await component.Report(context.RequestAborted);
            var isUp = component.State is ComponentState.Running;
            good &= isUp && (onlyAlive || report.Ready);
            states.Add(new { component = component.Name, state = component.State.ToString().ToLowerInvariant(), ready = isUp && report.Ready });
        }

        context.Response.StatusCode = good ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.CacheControl = "no-store";

        // Problems are for those who administer the server; a public port only says yes or no.
        await context.Response.WriteAsJsonAsync(new { status = good ? "ok" : "not ok", components = states }, context.RequestAborted);
    }
}
