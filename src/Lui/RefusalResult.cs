// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui;

/// <summary>The one place where a "no" becomes HTTP: a problem (RFC 9457) with the refusal's code and field.</summary>
internal static class RefusalResult
{
    /// <summary>The problem of a refusal.</summary>
    public static ProblemHttpResult Of(Refusal refusal) => Of(
        refusal,
        refusal.Kind switch
        {
            RefusalKind.Invalid => StatusCodes.Status400BadRequest,
            RefusalKind.NotFound => StatusCodes.Status404NotFound,
            RefusalKind.Conflict => StatusCodes.Status409Conflict,
            RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            RefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        });

    /// <summary>The problem of a caller without a valid token.</summary>
    public static ProblemHttpResult Unauthorized() => Of(
        new Refusal(RefusalKind.Forbidden, "api.unauthorized", Shell.ShellWords.NeedsToken),
        StatusCodes.Status401Unauthorized);

    /// <summary>A problem with a status of its own, which no refusal has.</summary>
    public static ProblemHttpResult Of(int status, string code, string message) => Of(new Refusal(RefusalKind.Conflict, code, message), status);

    private static ProblemHttpResult Of(Refusal refusal, int status)
    {
        var extensions = new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = refusal.Code };
        if (refusal.Field is not null)
        {
            extensions["field"] = refusal.Field;
        }

        return TypedResults.Problem(refusal.Message, statusCode: status, type: $"urn:tutti:refusal:{refusal.Code}", extensions: extensions);
    }
}
