// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using Tutti.Lui.Recipients.Csv;

namespace Tutti.Lui.Recipients.Import;

/// <summary>Writes the values of a record as a JSON array of strings, straight from its bytes: this is done for every row of every file.</summary>
internal sealed class FieldsJson
{
    private const int LongestEscape = 6;
    private static readonly SearchValues<byte> _escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    private byte[] _buffer = new byte[4096];
    private int _length;

    /// <summary>The array of a record that could be read.</summary>
    public string Of(CsvReader record)
    {
        _length = 0;
        Reserve(2);
        _buffer[_length++] = (byte)'[';
        for (var i = 0; i < record.Count; i++)
        {
            var value = record[i];
            Reserve((value.Length * LongestEscape) + 4);
            if (i > 0)
            {
                _buffer[_length++] = (byte)',';
            }

            _buffer[_length++] = (byte)'"';
            Write(value);
            _buffer[_length++] = (byte)'"';
        }

        _buffer[_length++] = (byte)']';
        return Encoding.UTF8.GetString(_buffer, 0, _length);
    }

    private void Write(ReadOnlySpan<byte> value)
    {
        while (true)
        {
            var plain = value.IndexOfAny(_escaped);
            var length = plain < 0 ? value.Length : plain;
            value[..length].CopyTo(_buffer.AsSpan(_length));
            _length += length;
            if (plain < 0)
            {
                return;
            }

            var code = value[plain];
            _buffer[_length++] = (byte)'\\';
            if (code is (byte)'"' or (byte)'\\')
            {
                _buffer[_length++] = code;
            }
            else
            {
                "u00"u8.CopyTo(_buffer.AsSpan(_length));
                _length += 3;
                _buffer[_length++] = (byte)(code < 0x10 ? '0' : '1');
                _buffer[_length++] = "0123456789abcdef"u8[code & 0xF];
            }

            value = value[(plain + 1)..];
        }
    }

    private void Reserve(int more)
    {
        if (_length + more + 1 > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + more + 1));
        }
    }
}
