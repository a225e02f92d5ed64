// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Tutti.Trk.Unsubscribes;

/// <summary>Reads the small forms that ask for unsubscribing; mail programs send them url-encoded or multipart (RFC 8058 section 3.2).</summary>
internal static class PostedForm
{
    private const int MaxBytes = 8 * 1024;

    /// <summary>Does the form hold one of these fields with its value? A form that is too large or cannot be read holds nothing.</summary>
    public static async Task<bool> Says(HttpRequest request, IReadOnlyList<(string Field, string Value)> answers, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType || request.ContentLength > MaxBytes)
        {
            return false;
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBytes;
        }

        try
        {
            var form = await request.ReadFormAsync(cancellationToken);
            return answers.Any(answer => form[answer.Field] is [var value] && value == answer.Value);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return false;
        }
    }
}
