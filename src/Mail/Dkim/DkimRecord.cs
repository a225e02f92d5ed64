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
        return new DkimRecord($"{selector}._domainkey.{domain}", $"v=DKIM1; k=rsa; p={key.PublicKey}");
    }

    /// <summary>The text in strings of at most 255 characters, as DNS needs it.</summary>
    public IReadOnlyList<string> Strings() => [.. Text.Chunk(LongestString).Select(chunk => new string(chunk))];

    /// <summary>The record as a line of a zone file.</summary>
    public string ToZoneLine() => $"{Name}. IN TXT {string.Join(' ', Strings().Select(part => $"\"{part}\""))}";
}
