// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace Tutti.Mail.Listserv;

/// <summary>A message that goes to a list. What names one recipient's way out has no place in it: all subscribers would get the same one, and LISTSERV puts in its own.</summary>
public static class ListPost
{
    private static readonly string[] _left = ["list-unsubscribe", "list-unsubscribe-post", "list-id"];

    /// <summary>Copies a message without List-Unsubscribe, List-Unsubscribe-Post and List-Id.</summary>
    /// <param name="message">A message with CRLF line ends.</param>
    /// <param name="output">Gets the rest.</param>
    public static void Copy(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var isLeft = false;
        while (!message.IsEmpty && !message.StartsWith("\r\n"u8))
        {
            var end = message.IndexOf("\r\n"u8) is >= 0 and var found ? found + 2 : message.Length;
            var line = message[..end];
            if (line[0] is not ((byte)' ' or (byte)'\t'))
            {
                isLeft = IsLeft(line);
            }

            if (!isLeft)
            {
                output.Write(line);
            }

            message = message[end..];
        }

        output.Write(message);
    }

    private static bool IsLeft(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        foreach (var name in _left)
        {
            if (colon >= 0 && Ascii.EqualsIgnoreCase(line[..colon].TrimEnd(" \t"u8), name))
            {
                return true;
            }
        }

        return false;
    }
}
