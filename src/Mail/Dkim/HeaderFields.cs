// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Dkim;

/// <summary>Finds the fields of a message's header; allocates nothing.</summary>
internal readonly ref struct HeaderFields
{
    /// <summary>More fields than this are not looked at; the ones that are signed stand among the first.</summary>
    public const int Most = 100;

    private readonly ReadOnlySpan<byte> _message;
    private readonly ReadOnlySpan<Field> _fields;

    private HeaderFields(ReadOnlySpan<byte> message, ReadOnlySpan<Field> fields, int bodyStart)
    {
        _message = message;
        _fields = fields;
        BodyStart = bodyStart;
    }

    /// <summary>Where the body begins.</summary>
    public int BodyStart { get; }

    /// <summary>Finds the fields.</summary>
    /// <param name="message">A message with CRLF line ends.</param>
    /// <param name="room">Place for <see cref="Most"/> fields.</param>
    public static HeaderFields Of(ReadOnlySpan<byte> message, Span<Field> room)
    {
        var count = 0;
        var position = 0;
        while (position < message.Length && !message[position..].StartsWith("\r\n"u8))
        {
            var end = EndOfField(message, position);
            var colon = message[position..end].IndexOf((byte)':');
            if (colon > 0 && count < room.Length)
            {
                room[count++] = new Field(position, colon, end);
            }

            position = end;
        }

        return new HeaderFields(message, room[..count], Math.Min(position + 2, message.Length));
    }

    /// <summary>The value of the last field of a name, with its line breaks; false if there is none.</summary>
    public bool TryFind(ReadOnlySpan<byte> lowerCaseName, out ReadOnlySpan<byte> value)
    {
        for (var i = _fields.Length - 1; i >= 0; i--)
        {
            var field = _fields[i];
            var name = _message.Slice(field.Start, field.Colon).TrimEnd(" \t"u8);
            if (System.Text.Ascii.EqualsIgnoreCase(name, lowerCaseName))
            {
                value = _message[(field.Start + field.Colon + 1)..field.End];
                return true;
            }
        }

        value = default;
        return false;
    }

    private static int EndOfField(ReadOnlySpan<byte> message, int start)
    {
        while (true)
        {
            var end = message[start..].IndexOf("\r\n"u8);
            if (end < 0)
            {
                return message.Length;
            }

            start += end + 2;
            if (start >= message.Length || message[start] is not ((byte)' ' or (byte)'\t'))
            {
                return start;
            }
        }
    }

    /// <summary>Where a field stands.</summary>
    public readonly record struct Field(int Start, int Colon, int End);
}
