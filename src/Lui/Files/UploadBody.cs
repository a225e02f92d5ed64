// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Files;

/// <summary>Finds the file in a request: the first file of a multipart form, or the body itself. Nothing is buffered.</summary>
internal static class UploadBody
{
    private const int MaxBoundary = 200;
    private const int MaxFileName = 255;

    /// <summary>The name and the stream of the file.</summary>
    /// <param name="request">Is read from here on; its size is limited by <see cref="UploadStore"/>.</param>
    /// <param name="nameWithout">The name of a file that comes without one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Outcome<(string FileName, Stream Content)>> Open(HttpRequest request, string nameWithout, CancellationToken cancellationToken)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return (nameWithout, request.Body);
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > MaxBoundary)
        {
            return NoFile();
        }

        var reader = new MultipartReader(boundary, request.Body);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (section.GetContentDispositionHeader() is { } disposition && disposition.IsFileDisposition())
            {
                var given = disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value! : HeaderUtilities.RemoveQuotes(disposition.FileName).Value ?? "";
                return (CleanName(given, nameWithout), section.Body);
            }
        }

        return NoFile();
    }

    /// <summary>A file name for people: without folders and control characters, not too long.</summary>
    public static string CleanName(string given, string nameWithout)
    {
        var name = string.Concat(given[(given.LastIndexOfAny(['/', '\\']) + 1)..].Where(character => !char.IsControl(character))).Trim();
        return name.Length == 0 ? nameWithout : name.Length > MaxFileName ? name[^MaxFileName..] : name;
    }

    private static Refusal NoFile() => new(RefusalKind.Invalid, "upload.no-file", FilesWords.NoFile, "file");
}
