// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using Tutti.Mail.Links;
using Tutti.Mail.Transfer;

namespace Tutti.Mail.Composing;

/// <summary>Writes the tracking URLs of a delivery.</summary>
internal sealed class LinkWriter
{
    private const int LongestBase = 300;

    /// <summary>What would end an attribute in HTML, a header's angle brackets or the path.</summary>
    private static readonly SearchValues<char> _dangerous = SearchValues.Create("\"'<>&?#");

    private readonly ComposerSettings _settings;
    private readonly byte[][] _starts;

    public LinkWriter(ComposerSettings settings)
    {
        var url = settings.TrackingUrl.TrimEnd('/');
        if (url.Length > LongestBase
            || url.AsSpan().ContainsAnyExceptInRange('!', '~')
            || url.AsSpan().ContainsAny(_dangerous)
            || !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException("The tracking URL must be an http or https address without query.", nameof(settings));
        }

        _settings = settings;
        _starts = [[], .. Enum.GetValues<LinkKind>().Select(kind => Encoding.ASCII.GetBytes(url + LinkPaths.Of(kind)))];
        MaxUrl = url.Length + LinkPaths.Click.Length + LinkToken.MaxLength;
    }

    /// <summary>Longest URL in bytes.</summary>
    public int MaxUrl { get; }

    /// <summary>Writes a URL; the number of its bytes.</summary>
    public int Url(LinkKind kind, uint link, Bearer bearer, Span<byte> destination)
    {
        var start = _starts[(int)kind];
        start.CopyTo(destination);
        var (recipient, trace) = bearer.In(kind, _settings.Tracking);
        return start.Length + LinkToken.Write(_settings.Key, kind, _settings.JobId, link, recipient, destination[start.Length..], trace);
    }

    /// <summary>Writes a value in quoted-printable, with URLs in the place of its markers.</summary>
    public void WriteExpanded(ref ByteWriter writer, scoped ReadOnlySpan<char> value, Bearer bearer, ref int column)
    {
        Span<byte> url = stackalloc byte[LongestBase + LinkPaths.Click.Length + LinkToken.MaxLength];
        while (true)
        {
            var start = value.IndexOf(LinkMarker.Start);
            if (start < 0)
            {
                QuotedPrintable.Write(ref writer, value, ref column);
                return;
            }

            QuotedPrintable.Write(ref writer, value[..start], ref column);
            value = value[start..];
            if (!LinkMarker.TryRead(value, out var kind, out var link, out var length))
            {
                value = value[1..];
                continue;
            }

            QuotedPrintable.Write(ref writer, url[..Url(kind, link, bearer, url)], ref column);
            value = value[length..];
        }
    }
}
