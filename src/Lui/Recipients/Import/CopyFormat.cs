// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;

namespace Tutti.Lui.Recipients.Import;

/// <summary>Recipients in the binary format of PostgreSQL's COPY, written from UTF-8 without a detour.</summary>
internal static class CopyFormat
{
    private const short Columns = 6;

    // Signature, flags, length of the extension: see "Binary Format" of COPY in PostgreSQL's reference.
    private static readonly byte[] _header = [.. "PGCOPY\n"u8, 0xFF, 0x0D, 0x0A, 0x00, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The rows of a chunk: recipients_id, id, address, normalized, display_name, fields.</summary>
    public static ReadOnlyMemory<byte> Of(long recipientsId, RecipientChunk chunk)
    {
        var output = new ArrayBufferWriter<byte>(chunk.Written * 2);
        output.Write(_header);
        foreach (var row in chunk.Recipients)
        {
            Write(output, Columns);
            Write(output, recipientsId);
            Write(output, row.Id);
            Write(output, chunk[row.Address]);
            Write(output, chunk[row.Normalized]);
            Write(output, chunk[row.DisplayName]);
            Write(output, chunk[row.Fields]);
        }

        Write(output, (short)-1);
        return output.WrittenMemory;
    }

    private static void Write(ArrayBufferWriter<byte> output, short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(output.GetSpan(sizeof(short)), value);
        output.Advance(sizeof(short));
    }

    private static void Write(ArrayBufferWriter<byte> output, long value)
    {
        var span = output.GetSpan(sizeof(int) + sizeof(long));
        BinaryPrimitives.WriteInt32BigEndian(span, sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(span[sizeof(int)..], value);
        output.Advance(sizeof(int) + sizeof(long));
    }

    private static void Write(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> value)
    {
        var span = output.GetSpan(sizeof(int) + value.Length);
        BinaryPrimitives.WriteInt32BigEndian(span, value.Length);
        value.CopyTo(span[sizeof(int)..]);
        output.Advance(sizeof(int) + value.Length);
    }
}
