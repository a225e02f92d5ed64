// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Dkim;

/// <summary>The DNS record that publishes a key.</summary>
/// <param name="Name">Host name of the record, without a dot at the end.</param>
/// <param name="Text">The whole text, as a resolver joins it.</param>
public sealed record DkimRecord(string Name, string Text)
{
    /// <summary>A DNS string holds at most 255 bytes (RFC 1035 §3.3).</summary>
    private const int LongestString = 255;

    /// <summary>The record of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="domain">The domain that signs.</param>
    /// <param name="selector">Name of the key in that domain.</param>
    public static DkimRecord Of(DkimKey key, string domain, string selector)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new DkimRecord($"{selector}._domainkey.{domain}", $"v=DKIM1; k={(key.Algorithm == DkimAlgorithm.Rsa ? "rsa" : "ed25519")}; p={key.PublicKey}");
    }

    /// <summary>The public key in the text of a published record, without the blanks it may hold (RFC 6376 section 3.6.1); empty if there is none.</summary>
    public static string PublicKeyIn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tag = text.Split(';').Select(tag => tag.Split('=', 2)).FirstOrDefault(tag => tag.Length == 2 && tag[0].Trim() == "p");
        return tag is null ? "" : string.Concat(tag[1].Where(letter => !char.IsWhiteSpace(letter)));
    }

    /// <summary>The text in strings of at most 255 characters, as DNS needs it.</summary>
    public IReadOnlyList<string> Strings() => [.. Text.Chunk(LongestString).Select(chunk => new string(chunk))];

    /// <summary>The record as a line of a zone file.</summary>
    public string ToZoneLine() => $"{Name}. IN TXT {string.Join(' ', Strings().Select(part => $"\"{part}\""))}";
}
