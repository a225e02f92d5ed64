// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Tutti.Lui.Recipients.Csv;

namespace Tutti.Lui.Recipients.Import;

/// <summary>Writes the values of a record as a JSON array of strings, straight from its bytes: this is done for every row of every file.</summary>
internal static class FieldsJson
{
    private const int LongestEscape = 6;
    private const int Punctuation = 3;
    private static readonly SearchValues<byte> _escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    /// <summary>Writes the array of a record that could be read.</summary>
    public static void Write(CsvReader record, IBufferWriter<byte> output)
    {
        var longest = 2;
        for (var i = 0; i < record.Count; i++)
        {
            longest += (record[i].Length * LongestEscape) + Punctuation;
        }

        var json = output.GetSpan(longest);
        var length = 0;
        json[length++] = (byte)'[';
        for (var i = 0; i < record.Count; i++)
        {
            if (i > 0)
            {
                json[length++] = (byte)',';
            }

            json[length++] = (byte)'"';
            length += Write(record[i], json[length..]);
            json[length++] = (byte)'"';
        }

        json[length++] = (byte)']';
        output.Advance(length);
    }

    private static int Write(ReadOnlySpan<byte> value, Span<byte> json)
    {
        var length = 0;
        while (true)
        {
            var plain = value.IndexOfAny(_escaped);
            if (plain < 0)
            {
                value.CopyTo(json[length..]);
                return length + value.Length;
            }

            value[..plain].CopyTo(json[length..]);
            length += plain;
            var code = value[plain];
            json[length++] = (byte)'\\';
            if (code is (byte)'"' or (byte)'\\')
            {
                json[length++] = code;
            }
            else
            {
                "u00"u8.CopyTo(json[length..]);
                length += 3;
                json[length++] = (byte)(code < 0x10 ? '0' : '1');
                json[length++] = "0123456789abcdef"u8[code & 0xF];
            }

            value = value[(plain + 1)..];
        }
    }
}
