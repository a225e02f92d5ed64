// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Tutti.Mail.Addresses;

/// <summary>The rules of <see cref="EmailAddress"/> over spans; nothing here allocates unless a domain is internationalised.</summary>
internal static class AddressReader
{
    private const int MaxLabel = 63;

    private const string Alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private static readonly SearchValues<char> _atoms = SearchValues.Create(Alphanumeric + "!#$%&'*+-/=?^_`{|}~.");
    private static readonly SearchValues<char> _hostName = SearchValues.Create(Alphanumeric + "-.");
    private static readonly SearchValues<char> _controls = SearchValues.Create(Controls());
    private static readonly IdnMapping _idn = new() { UseStd3AsciiRules = true, AllowUnassigned = false };

    /// <summary>Checks an address and writes it with its domain in lower-case A-labels; <paramref name="destination"/> has room for the longest.</summary>
    public static AddressProblem Read(ReadOnlySpan<char> text, Span<char> destination, out int written, out int at)
    {
        written = 0;
        at = 0;
        text = text.Trim(' ');
        if (text.IsEmpty)
        {
            return AddressProblem.Empty;
        }

        if (text.ContainsAny(_controls))
        {
            return AddressProblem.ControlCharacter;
        }

        at = text.LastIndexOf('@');
        if (at < 0)
        {
            return AddressProblem.NoAt;
        }

        var problem = CheckLocalPart(text[..at]);
        if (problem != AddressProblem.None)
        {
            return problem;
        }

        text[..at].CopyTo(destination);
        destination[at] = '@';
        problem = ReadDomain(text[(at + 1)..], destination[(at + 1)..], out var length);
        written = at + 1 + length;
        return problem;
    }

    /// <summary>Writes the key of an address that was read: lower case, quotes removed where they are needless.</summary>
    public static int Fold(ReadOnlySpan<char> address, int at, Span<char> destination)
    {
        var local = address[..at];
        if (local[0] == '"' && CheckDots(local[1..^1]) == AddressProblem.None)
        {
            local = local[1..^1];
        }

        var written = local.ToLowerInvariant(destination);
        address[at..].CopyTo(destination[written..]);
        return written + address.Length - at;
    }

    private static AddressProblem CheckLocalPart(ReadOnlySpan<char> local)
    {
        if (local.IsEmpty)
        {
            return AddressProblem.NoLocalPart;
        }

        if (local.Length > EmailAddress.MaxLocalPart)
        {
            return AddressProblem.LocalPartTooLong;
        }

        if (local[0] == '"')
        {
            var closed = local.Length > 2 && local[^1] == '"';
            return closed && !local[1..^1].ContainsAnyExcept(_atoms) ? AddressProblem.None : AddressProblem.UnsafeQuoting;
        }

        return local.ContainsAnyExcept(_atoms) ? AddressProblem.BadCharacter : CheckDots(local);
    }

    private static AddressProblem CheckDots(ReadOnlySpan<char> local)
        => local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal) ? AddressProblem.MisplacedDot : AddressProblem.None;

    private static AddressProblem ReadDomain(ReadOnlySpan<char> domain, Span<char> destination, out int written)
    {
        written = 0;
        if (domain.IsEmpty)
        {
            return AddressProblem.NoDomain;
        }

        // Longer than this no domain gets short enough, and punycode of very long texts is slow.
        if (domain.Length > EmailAddress.MaxLength)
        {
            return AddressProblem.TooLong;
        }

        if (!Ascii.IsValid(domain))
        {
            if (!TryEncode(domain, out var encoded))
            {
                return AddressProblem.BadDomain;
            }

            domain = encoded;
        }

        if (domain.ContainsAnyExcept(_hostName))
        {
            return AddressProblem.BadDomain;
        }

        if (!domain.Contains('.'))
        {
            return AddressProblem.NoDotInDomain;
        }

        if (!AreLabels(domain))
        {
            return AddressProblem.BadDomain;
        }

        if (domain.Length > destination.Length)
        {
            return AddressProblem.TooLong;
        }

        written = domain.ToLowerInvariant(destination);
        return AddressProblem.None;
    }

    private static bool AreLabels(ReadOnlySpan<char> domain)
    {
        while (true)
        {
            var dot = domain.IndexOf('.');
            var label = dot < 0 ? domain : domain[..dot];
            if (label.IsEmpty || label.Length > MaxLabel || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            if (dot < 0)
            {
                // A last label of digits alone is the end of an IP address, not of a host name (RFC 3696 §2).
                return label.ContainsAnyExceptInRange('0', '9');
            }

            domain = domain[(dot + 1)..];
        }
    }

    private static bool TryEncode(ReadOnlySpan<char> domain, out string encoded)
    {
        try
        {
            encoded = _idn.GetAscii(domain.ToString());
            return true;
        }
        catch (ArgumentException)
        {
            encoded = "";
            return false;
        }
    }

    private static string Controls() => string.Concat(Enumerable.Range(0, 0xA0).Where(c => char.IsControl((char)c)).Select(c => (char)c)) + "\u2028\u2029";
}
