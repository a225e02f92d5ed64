// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace Tutti.Mail.Listserv;

/// <summary>A message that many get in the same words. What names one recipient's way out has no place in it.</summary>
public static class ListPost
{
    private static readonly string[] _ofOne = ["list-unsubscribe", "list-unsubscribe-post"];
    private static readonly string[] _ofOneOrOurs = [.. _ofOne, "list-id"];

    /// <summary>Copies a message that goes to a list: without List-Unsubscribe, List-Unsubscribe-Post and List-Id, in whose place LISTSERV puts its own.</summary>
    /// <param name="message">A message with CRLF line ends.</param>
    /// <param name="output">Gets the rest.</param>
    public static void Copy(ReadOnlySpan<byte> message, IBufferWriter<byte> output) => Copy(message, output, _ofOneOrOurs);

    /// <summary>Copies a message that many recipients get: without List-Unsubscribe and List-Unsubscribe-Post.</summary>
    /// <param name="message">A message with CRLF line ends.</param>
    /// <param name="output">Gets the rest.</param>
    public static void CopyForAll(ReadOnlySpan<byte> message, IBufferWriter<byte> output) => Copy(message, output, _ofOne);

    private static void Copy(ReadOnlySpan<byte> message, IBufferWriter<byte> output, string[] left)
    {
        ArgumentNullException.ThrowIfNull(output);
        var isLeft = false;
        while (!message.IsEmpty && !message.StartsWith("\r\n"u8))
        {
            var end = message.IndexOf("\r\n"u8) is >= 0 and var found ? found + 2 : message.Length;
            var line = message[..end];
            if (line[0] is not ((byte)' ' or (byte)'\t'))
            {
                isLeft = IsLeft(line, left);
            }

            if (!isLeft)
            {
                output.Write(line);
            }

            message = message[end..];
        }

        output.Write(message);
    }

    private static bool IsLeft(ReadOnlySpan<byte> line, string[] left)
    {
        var colon = line.IndexOf((byte)':');
        foreach (var name in left)
        {
            if (colon >= 0 && Ascii.EqualsIgnoreCase(line[..colon].TrimEnd(" \t"u8), name))
            {
                return true;
            }
        }

        return false;
    }
}
