// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tutti.Dst.Smtp;

/// <summary>Whether an address can stand in an envelope without a receiver reading anything else out of it.</summary>
internal static class EnvelopeAddress
{
    // RFC 5321 §4.5.3.1.3: 256 octets with the angle brackets.
    private const int Longest = 254;

    /// <summary>True for an address that has a local part and a domain, is not too long, and holds no control character and no stray space or bracket.</summary>
    public static bool IsSound(string address)
    {
        var quoted = false;
        var at = -1;
        for (var index = 0; index < address.Length; index++)
        {
            var character = address[index];
            switch (character)
            {
                case < ' ' or (>= '\u007f' and <= '\u009f'):
                    return false;
                case '\\' when quoted:
                    if (++index >= address.Length || address[index] is < ' ' or > '~')
                    {
                        return false;
                    }

                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ' ' or '<' or '>' or '\\' when !quoted:
                    return false;
                case '@' when !quoted:
                    at = at < 0 ? index : int.MaxValue;
                    break;
                default:
                    break;
            }
        }

        return !quoted && at > 0 && at < address.Length - 1 && Encoding.UTF8.GetByteCount(address) <= Longest;
    }
}
