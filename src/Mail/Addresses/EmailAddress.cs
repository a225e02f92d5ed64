// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Tutti.Mail.Addresses;

/// <summary>An e-mail address that SMTP cannot misread: a dot-atom (or harmless quoted) local part and a domain as A-labels, ASCII only.</summary>
public sealed class EmailAddress : IEquatable<EmailAddress>
{
    /// <summary>Longest local part in octets (RFC 5321 §4.5.3.1.1).</summary>
    public const int MaxLocalPart = 64;

    /// <summary>Longest address in octets (RFC 5321 §4.5.3.1.3 gives 256 to the path with its two brackets).</summary>
    public const int MaxLength = 254;

    private readonly int _at;

    private EmailAddress(string text, string normalized, int at)
    {
        Text = text;
        Normalized = normalized;
        _at = at;
    }

    /// <summary>The address as it is written into envelopes and headers: local part as given, domain in lower-case A-labels.</summary>
    public string Text { get; }

    /// <summary>The key under which duplicates and suppressed addresses are found: all in lower case, needless quotes removed.</summary>
    public string Normalized { get; }

    /// <summary>The part before the @ as given.</summary>
    public ReadOnlySpan<char> LocalPart => Text.AsSpan(0, _at);

    /// <summary>The domain in lower-case A-labels.</summary>
    public ReadOnlySpan<char> Domain => Text.AsSpan(_at + 1);

    /// <summary>Reads an address. Blanks around it are ignored; everything else must be exactly an address, without display name or brackets.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EmailAddress? address, out AddressProblem problem)
        => TryParse(text.AsSpan(), text, out address, out problem);

    /// <inheritdoc cref="TryParse(string?, out EmailAddress?, out AddressProblem)"/>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out EmailAddress? address, out AddressProblem problem)
        => TryParse(text, null, out address, out problem);

    /// <summary>
    /// Writes the normalised form of an address without allocating. <paramref name="destination"/> needs room for <see cref="MaxLength"/> characters.
    /// </summary>
    /// <returns>What is wrong with the text, or <see cref="AddressProblem.None"/>.</returns>
    public static AddressProblem Normalize(ReadOnlySpan<char> text, Span<char> destination, out int written)
    {
        written = 0;
        Span<char> plain = stackalloc char[MaxLength];
        var problem = AddressReader.Read(text, plain, out var length, out var at);
        if (problem == AddressProblem.None)
        {
            written = AddressReader.Fold(plain[..length], at, destination);
        }

        return problem;
    }

    /// <inheritdoc/>
    public bool Equals(EmailAddress? other) => other is not null && Normalized == other.Normalized;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EmailAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => Normalized.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static bool TryParse(ReadOnlySpan<char> text, string? whole, [NotNullWhen(true)] out EmailAddress? address, out AddressProblem problem)
    {
        Span<char> plain = stackalloc char[MaxLength];
        Span<char> folded = stackalloc char[MaxLength];
        problem = AddressReader.Read(text, plain, out var length, out var at);
        if (problem != AddressProblem.None)
        {
            address = null;
            return false;
        }

        plain = plain[..length];
        folded = folded[..AddressReader.Fold(plain, at, folded)];

        // Most addresses come in lower case already: then one string serves for all three.
        var kept = whole is not null && plain.SequenceEqual(whole) ? whole : new string(plain);
        address = new EmailAddress(kept, folded.SequenceEqual(plain) ? kept : new string(folded), at);
        return true;
    }
}
