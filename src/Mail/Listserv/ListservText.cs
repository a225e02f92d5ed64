// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace Tutti.Mail.Listserv;

/// <summary>Cuts the text of an answer into lines while it comes in. Lines end with CR LF, a bare CR or a bare LF; the last one may have no end.</summary>
/// <remarks>No character set is agreed on: each line that is UTF-8 is read so, any other as ISO-8859-1.</remarks>
public sealed class ListservText
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> _line = new();
    private bool _afterReturn;

    /// <summary>Takes the next bytes.</summary>
    /// <param name="bytes">In any pieces.</param>
    /// <param name="line">Gets each complete line.</param>
    public void Take(ReadOnlySpan<byte> bytes, Action<string> line)
    {
        ArgumentNullException.ThrowIfNull(line);
        while (!bytes.IsEmpty)
        {
            if (_afterReturn && bytes[0] == '\n')
            {
                _afterReturn = false;
                bytes = bytes[1..];
                continue;
            }

            _afterReturn = false;
            var end = bytes.IndexOfAny("\r\n"u8);
            if (end < 0)
            {
                _line.Write(bytes);
                return;
            }

            _line.Write(bytes[..end]);
            line(Decode(_line.WrittenSpan));
            _line.ResetWrittenCount();
            _afterReturn = bytes[end] == '\r';
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>There is no more: what stands there without an end is a line too.</summary>
    public void End(Action<string> line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (_line.WrittenCount > 0)
        {
            line(Decode(_line.WrittenSpan));
            _line.ResetWrittenCount();
        }
    }

    /// <summary>The characters of a line.</summary>
    public static string Decode(ReadOnlySpan<byte> line)
    {
        try
        {
            return _strict.GetString(line);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(line);
        }
    }
}
