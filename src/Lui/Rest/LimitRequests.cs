// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Tutti.Frame.Words;

namespace Tutti.Lui.Rest;

/// <summary>
/// Keeps a program that asks without a pause from taking the server for itself. Every answer tells what is left, in the header fields of
/// draft-ietf-httpapi-ratelimit-headers-10: the policy, and how many requests remain for how many seconds.
/// </summary>
internal sealed class LimitRequests(RequestDelegate next, Allowance allowance)
{
    public async Task Invoke(HttpContext context)
    {
        if (allowance.Quota == 0 || context.User.FindFirstValue(ClaimTypes.NameIdentifier) is not { } token)
        {
            await next(context);
            return;
        }

        var grant = allowance.Take(token);
        var seconds = (long)Math.Ceiling(grant.Reset.TotalSeconds);
        var headers = context.Response.Headers;
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"token\";q={allowance.Quota};w={(int)Allowance.Window.TotalSeconds}");
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"token\";r={grant.Remaining};t={seconds}");
        if (grant.IsGranted)
        {
            await next(context);
            return;
        }

        headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await RefusalResult.Of(
            StatusCodes.Status429TooManyRequests,
            "api.too-many-requests",
            SharedWords.Counted(RestWords.TooManyRequests, seconds, SharedWords.Number(allowance.Quota))).ExecuteAsync(context);
    }
}
