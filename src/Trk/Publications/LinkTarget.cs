// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Tutti.Trk.Publications;

/// <summary>Where a link may lead.</summary>
internal static class LinkTarget
{
    /// <summary>Longest target in characters.</summary>
    public const int MaxLength = 8_000;

    /// <summary>Turns an absolute http or https URL into what can stand in a Location header: printable ASCII. One that is so already stays as it is, letter by letter.</summary>
    public static bool TryWrite(string target, [NotNullWhen(true)] out string? ascii)
    {
        ascii = null;
        if (target.Length > MaxLength || !Uri.TryCreate(target, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.IdnHost.Length == 0)
        {
            return false;
        }

        ascii = IsPrintable(target)
            ? target
            : new UriBuilder(url) { Host = url.IdnHost }.Uri.AbsoluteUri;
        return IsPrintable(ascii);
    }

    private static bool IsPrintable(string text) => !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
