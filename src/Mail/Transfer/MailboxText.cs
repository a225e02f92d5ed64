using System.Buffers;

namespace Tutti.Mail.Transfer;

/// <summary>A mailbox as it stands in a From, To or Reply-To header: <c>"Name" &lt;address&gt;</c>.</summary>
internal static class MailboxText
{
    /// <summary>Columns that the header's name may have used.</summary>
    private const int FirstColumn = 10;

    private const int MaxColumn = 76;
    private const int MaxPlainName = 60;

    private static readonly SearchValues<char> _atoms = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~ ");

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

        if (name.Length <= MaxPlainName && HeaderText.IsPlain(name))
        {
            WritePlain(ref writer, name);
        }
        else
        {
            HeaderText.WriteEncodedWords(ref writer, name, FirstColumn);
        }

        writer.Write(FirstColumn + name.Length + address.Length < MaxColumn - 4 ? " <"u8 : "\r\n <"u8);
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
