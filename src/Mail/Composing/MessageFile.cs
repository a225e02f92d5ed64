// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Composing;

/// <summary>A file that travels with a message: attached, or an image that its HTML part shows.</summary>
/// <param name="Name">File name, in any script.</param>
/// <param name="ContentType">Media type with its parameters, such as "text/csv; charset=utf-8".</param>
/// <param name="Digest">SHA-256 of its bytes, in lower-case hexadecimal digits.</param>
/// <param name="Size">In bytes.</param>
/// <param name="ContentId">How the HTML part names it behind "cid:" (letters, digits, dot, dash, underscore); null for an attachment. An image that is not named there is left out.</param>
public sealed record MessageFile(string Name, string ContentType, string Digest, long Size, string? ContentId = null)
{
    private const int DigestLength = 12;

    /// <summary>The identifier of the part (RFC 2045 §7), without angle brackets; it changes with the bytes, as mail programs keep images by it.</summary>
    public string PartId => $"{ContentId}.{Digest[..DigestLength]}@tutti";
}
