// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Merging;

namespace Tutti.Mail.Links;

/// <summary>Judges what a link leads to.</summary>
internal static class LinkTarget
{
    /// <summary>Longest target; mail clients and servers cut longer ones.</summary>
    public const int MaxLength = 8000;

    /// <summary>Reads a URL without merge fields as it was meant; false and a reason if it cannot be tracked.</summary>
    public static bool TryRead(string written, out string target, out UntrackedReason reason)
    {
        var text = written.Trim();
        if (text.AsSpan().ContainsAny('\r', '\n', '\t'))
        {
            // Browsers take these out of URLs too.
            text = string.Concat(text.Where(c => c is not ('\r' or '\n' or '\t')));
        }

        target = "";
        reason = UntrackedReason.Dead;
        if (text.StartsWith('#'))
        {
            reason = UntrackedReason.Anchor;
            return false;
        }

        if (text.Length is 0 or > MaxLength || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || text.StartsWith('/'))
        {
            return false;
        }

        if (uri.Scheme is not ("http" or "https"))
        {
            reason = UntrackedReason.OtherScheme;
            return false;
        }

        if (uri.Host.Length == 0)
        {
            return false;
        }

        // As written if it can stand in a Location header; else as the framework spells it in ASCII.
        target = text.AsSpan().ContainsAnyExceptInRange('!', '~') ? InAscii(uri) : text;
        return target.Length is > 0 and <= MaxLength && !target.AsSpan().ContainsAnyExceptInRange('!', '~');
    }

    // A password without a user name can be read, but not be written again.
    private static string InAscii(Uri uri)
    {
        try
        {
            return new UriBuilder(uri) { Host = uri.IdnHost }.Uri.AbsoluteUri;
        }
        catch (UriFormatException)
        {
            return "";
        }
    }

    /// <summary>Does a text hold Liquid?</summary>
    public static bool HasMergeFields(ReadOnlySpan<char> text)
        => text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal);

    /// <summary>Is it nothing but the unsubscribe URL's merge field?</summary>
    public static bool IsUnsubscribe(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return text.StartsWith("{{", StringComparison.Ordinal) && text.EndsWith("}}", StringComparison.Ordinal)
            && text[2..^2].Trim("- ").Equals(SystemFields.UnsubscribeUrl, StringComparison.OrdinalIgnoreCase);
    }
}
