// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Tutti.Mail.Transfer;

/// <summary>A mailbox as it stands in a From, To or Reply-To header: <c>"Name" &lt;address&gt;</c>.</summary>
internal static class MailboxText
{
    /// <summary>Columns that the header's name may have used.</summary>
    private const int FirstColumn = 10;

    private const int MaxColumn = 76;
    private const int MaxPlainName = 60;

    private static readonly SearchValues<char> _atoms = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~ ");

    /// <summary>Writes a mailbox.</summary>
    /// <param name="writer">Receives the bytes.</param>
    /// <param name="address">ASCII.</param>
    /// <param name="name">Anything, or nothing.</param>
    public static void Write(ref ByteWriter writer, string address, string name)
    {
        name = HeaderText.Collapse(name);
        if (name.Length == 0)
        {
            writer.WriteAscii(address);
            return;
        }

        var plain = name.Length <= MaxPlainName && HeaderText.IsPlain(name);
        if (plain)
        {
            WritePlain(ref writer, name);
        }
        else
        {
            HeaderText.WriteEncodedWords(ref writer, name, FirstColumn);
        }

        // An encoded name takes up to four times its length; what might not fit beside it goes on a line of its own.
        var width = plain ? 2 * name.Length : 12 + (4 * name.Length);
        writer.Write(FirstColumn + width + address.Length < MaxColumn ? " <"u8 : "\r\n <"u8);
        writer.WriteAscii(address);
        writer.Write((byte)'>');
    }

    private static void WritePlain(ref ByteWriter writer, string name)
    {
        var quoted = name.AsSpan().ContainsAnyExcept(_atoms);
        if (quoted)
        {
            writer.Write((byte)'"');
        }

        foreach (var c in name)
        {
            if (c is '"' or '\\')
            {
                writer.Write((byte)'\\');
            }

            writer.Write((byte)c);
        }

        if (quoted)
        {
            writer.Write((byte)'"');
        }
    }
}
