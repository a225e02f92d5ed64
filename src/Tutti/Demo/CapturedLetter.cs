// SPDX-License-Identifier: Apache-2.0
using MimeKit;
using MimeKit.Text;

namespace Tutti.Commands.Demo;

/// <summary>What a mail program finds in a message: the pictures it loads and the links that can be clicked.</summary>
internal sealed record CapturedLetter(IReadOnlyList<Uri> Pictures, IReadOnlyList<Uri> Links)
{
    /// <summary>Reads the bytes as they were on the wire.</summary>
    public static async Task<CapturedLetter> Read(byte[] message, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(message);
        using var parsed = await MimeMessage.LoadAsync(stream, cancellationToken);
        var pictures = new List<Uri>();
        var links = new List<Uri>();
        var tokens = new HtmlTokenizer(new StringReader(parsed.HtmlBody ?? ""));
        while (tokens.ReadNextToken(out var token))
        {
            if (token is HtmlTagToken { IsEndTag: false } tag)
            {
                Collect(tag, HtmlTagId.Image, HtmlAttributeId.Src, pictures);
                Collect(tag, HtmlTagId.A, HtmlAttributeId.Href, links);
            }
        }

        return new CapturedLetter(pictures, links);
    }

    private static void Collect(HtmlTagToken tag, HtmlTagId id, HtmlAttributeId attribute, List<Uri> found)
    {
        if (tag.Id == id && tag.Attributes.FirstOrDefault(candidate => candidate.Id == attribute)?.Value is { } value && Uri.TryCreate(value, UriKind.Absolute, out var address))
        {
            found.Add(address);
        }
    }
}
