// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tutti.Wiring.Joining;

/// <summary>
/// What a person carries from a server that wants to join to HUB: the first half of the SHA-256 of its new key, 128 bits, and
/// a secret of 128 bits. The first tells HUB that it talks to that server, the second tells both that a person wants it.
/// </summary>
public sealed class JoinCode
{
    private const int Half = 16;
    private const int Check = 3;

    // Crockford's alphabet: nothing that a person could take for something else.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private readonly byte[] _key;
    private readonly byte[] _secret;

    private JoinCode(byte[] key, byte[] secret) => (_key, _secret) = (key, secret);

    /// <summary>The secret.</summary>
    internal ReadOnlySpan<byte> Secret => _secret;

    /// <summary>A fresh secret.</summary>
    internal static byte[] NewSecret() => RandomNumberGenerator.GetBytes(Half);

    /// <summary>The code for a key.</summary>
    internal static JoinCode Of(X509Certificate2 certificate, byte[] secret) => new(Fingerprint(certificate), secret);

    /// <summary>True if the certificate is for the key that the code was made with.</summary>
    public bool IsFor(X509Certificate2 certificate) => CryptographicOperations.FixedTimeEquals(Fingerprint(certificate), _key);

    /// <summary>Reads what was typed or pasted, in any case and with any blanks and dashes.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out JoinCode? code)
    {
        code = null;
        var bits = new List<byte>((2 * Half) + Check);
        var (buffer, count) = (0, 0);
        foreach (var letter in (text ?? "").ToUpperInvariant().Where(letter => !char.IsWhiteSpace(letter) && letter != '-'))
        {
            var value = Alphabet.IndexOf(letter switch { 'O' => '0', 'I' or 'L' => '1', _ => letter }, StringComparison.Ordinal);
            if (value < 0 || bits.Count > (2 * Half) + Check)
            {
                return false;
            }

            (buffer, count) = ((buffer << 5) | value, count + 5);
            if (count >= 8)
            {
                count -= 8;
                bits.Add((byte)(buffer >> count));
                buffer &= (1 << count) - 1;
            }
        }

        var all = bits.ToArray();
        if (all.Length != (2 * Half) + Check || count != 0 || !all.AsSpan(2 * Half).SequenceEqual(CheckOf(all.AsSpan(0, 2 * Half))))
        {
            return false;
        }

        code = new JoinCode(all[..Half], all[Half..(2 * Half)]);
        return true;
    }

    /// <summary>Fourteen groups of four letters and digits. The last letters are a checksum, so that a slip costs no try.</summary>
    public override string ToString()
    {
        byte[] all = [.. _key, .. _secret];
        all = [.. all, .. CheckOf(all)];
        var text = new StringBuilder();
        var (buffer, count, written) = (0, 0, 0);
        foreach (var each in all)
        {
            (buffer, count) = ((buffer << 8) | each, count + 8);
            while (count >= 5)
            {
                count -= 5;
                text.Append(written > 0 && written % 4 == 0 ? "-" : "").Append(Alphabet[(buffer >> count) & 31]);
                written++;
            }

            buffer &= (1 << count) - 1;
        }

        return text.ToString();
    }

    private static byte[] CheckOf(ReadOnlySpan<byte> content) => SHA256.HashData(content)[..Check];

    private static byte[] Fingerprint(X509Certificate2 certificate) => SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())[..Half];
}
