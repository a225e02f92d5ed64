// SPDX-License-Identifier: Apache-2.0
using System.Text.Unicode;

namespace Tutti.Lui.Recipients.Csv;

/// <summary>What keeps a record from being read.</summary>
internal enum CsvProblem
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A quoted value is not closed.</summary>
    OpenQuote,

    /// <summary>Something stands between a closing quote and the next separator.</summary>
    TextAfterQuote,

    /// <summary>It is longer than <see cref="CsvReader.MaxRecord"/>.</summary>
    TooLong,

    /// <summary>There is a NUL byte in it.</summary>
    Nul,

    /// <summary>It is not UTF-8.</summary>
    NotUtf8,
}

/// <summary>
/// Reads separated values from UTF-8, record by record, with a fixed amount of memory. A record that cannot be read is
/// reported with its problem, and reading goes on at the next line: one broken quote does not swallow what follows.
/// </summary>
/// <param name="stream">UTF-8 without a byte order mark. Disposed with the reader.</param>
/// <param name="delimiter">Separates values; an ASCII character.</param>
/// <param name="quote">Encloses values, doubled inside; 0 for none.</param>
internal sealed class CsvReader(Stream stream, byte delimiter, byte quote) : IDisposable
{
    /// <summary>Longest record in bytes, quoted line breaks included.</summary>
    public const int MaxRecord = 256 * 1024;

    /// <summary>Most columns that are kept; further ones are only counted.</summary>
    public const int MaxColumns = 250;

    private const byte CarriageReturn = (byte)'\r';
    private const byte LineFeed = (byte)'\n';
    private const int ShownOfTooLong = 1024;

    private readonly byte[] _buffer = new byte[4 * MaxRecord];
    private readonly byte[] _unescaped = new byte[MaxRecord];
    private readonly Field[] _fields = new Field[MaxColumns];
    private int _start;
    private int _end;
    private bool _ended;
    private bool _skipsLine;
    private long _nextLine = 1;
    private int _recordStart;
    private int _recordLength;
    private int _unescapedLength;

    private readonly record struct Field(int Start, int Length, bool IsUnescaped);

    /// <summary>The line at which the record starts, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>How many values the record has; may be more than <see cref="MaxColumns"/>.</summary>
    public int Count { get; private set; }

    /// <summary>What keeps the record from being read; it then has no values.</summary>
    public CsvProblem Problem { get; private set; }

    /// <summary>The record as it stands in the file, without the line break at its end.</summary>
    public ReadOnlySpan<byte> Raw => _buffer.AsSpan(_recordStart, _recordLength);

    /// <summary>A value, from 0, without quotes.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var field = _fields[index];
            return field.IsUnescaped ? _unescaped.AsSpan(field.Start, field.Length) : _buffer.AsSpan(_recordStart + field.Start, field.Length);
        }
    }

    /// <summary>Moves to the next record; empty lines are none. False at the end.</summary>
    public bool Read()
    {
        Count = 0;
        _unescapedLength = 0;
        Problem = CsvProblem.None;
        int length;
        int lineBreak;
        do
        {
            if (_skipsLine)
            {
                SkipLine();
            }

            length = LineAt(0, out lineBreak);
            if (length == 0)
            {
                if (lineBreak == 0)
                {
                    return false;
                }

                _start += lineBreak;
                _nextLine++;
            }
        }
        while (length == 0);

        Line = _nextLine;
        if (length < 0)
        {
            Finish(ShownOfTooLong, 0, 0, CsvProblem.TooLong);
            _skipsLine = true;
            return true;
        }

        var line = _buffer.AsSpan(_start, length);
        if (quote != 0 && line.Contains(quote))
        {
            ReadQuoted(length, lineBreak);
        }
        else
        {
            ReadPlain(line);
            Finish(length, lineBreak, 1, CsvProblem.None);
        }

        if (Problem == CsvProblem.None)
        {
            Problem = Raw.Contains((byte)0) ? CsvProblem.Nul : Utf8.IsValid(Raw) ? CsvProblem.None : CsvProblem.NotUtf8;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private void ReadPlain(ReadOnlySpan<byte> line)
    {
        var at = 0;
        while (true)
        {
            var length = line[at..].IndexOf(delimiter);
            if (length < 0)
            {
                Add(new Field(at, line.Length - at, false));
                return;
            }

            Add(new Field(at, length, false));
            at += length + 1;
        }
    }

    // Positions are relative to _start, because reading further lines may move the buffer's content.
    private void ReadQuoted(int firstLength, int firstBreak)
    {
        var (at, end, lineBreak, lines) = (0, firstLength, firstBreak, 1);
        while (true)
        {
            if (at < end && _buffer[_start + at] == quote)
            {
                var problem = ReadQuotedValue(ref at, ref end, ref lineBreak, ref lines);
                if (problem == CsvProblem.None && lines > 1 && Count >= MaxColumns)
                {
                    problem = CsvProblem.OpenQuote;
                }

                if (problem != CsvProblem.None)
                {
                    Count = 0;
                    Finish(firstLength, firstBreak, 1, problem);
                    return;
                }
            }
            else
            {
                var length = _buffer.AsSpan(_start + at, end - at).IndexOf(delimiter);
                length = length < 0 ? end - at : length;
                Add(new Field(at, length, false));
                at += length;
            }

            if (at >= end)
            {
                Finish(end, lineBreak, lines, CsvProblem.None);
                return;
            }

            at++;
        }
    }

    private CsvProblem ReadQuotedValue(ref int at, ref int end, ref int lineBreak, ref int lines)
    {
        var unescapedStart = _unescapedLength;
        var from = at + 1;
        at = from;
        while (true)
        {
            var length = _buffer.AsSpan(_start + at, end - at).IndexOf(quote);
            if (length < 0)
            {
                // The value goes on in the next line, if there is one.
                at = end + lineBreak;
                if (lineBreak == 0 || LineAt(at, out var nextBreak) is not (>= 0 and var next))
                {
                    return CsvProblem.OpenQuote;
                }

                end = at + next;
                lineBreak = nextBreak;
                lines++;
                continue;
            }

            at += length;
            if (at + 1 >= end || _buffer[_start + at + 1] != quote)
            {
                break;
            }

            Unescape(from, at + 1);
            at += 2;
            from = at;
        }

        if (_unescapedLength > unescapedStart)
        {
            Unescape(from, at);
            Add(new Field(unescapedStart, _unescapedLength - unescapedStart, true));
        }
        else
        {
            Add(new Field(from, at - from, false));
        }

        at++;
        while (at < end && _buffer[_start + at] != delimiter)
        {
            if (_buffer[_start + at] is not ((byte)' ' or (byte)'\t'))
            {
                return CsvProblem.TextAfterQuote;
            }

            at++;
        }

        return CsvProblem.None;
    }

    private void Unescape(int from, int to)
    {
        _buffer.AsSpan(_start + from, to - from).CopyTo(_unescaped.AsSpan(_unescapedLength));
        _unescapedLength += to - from;
    }

    private void Add(Field field)
    {
        if (Count < MaxColumns)
        {
            _fields[Count] = field;
        }

        Count++;
    }

    private void Finish(int length, int lineBreak, int lines, CsvProblem problem)
    {
        Problem = problem;
        _recordStart = _start;
        _recordLength = length;
        _start += length + lineBreak;
        _nextLine += lines;
    }

    // Length of the line that starts at an offset from _start, without its break; 0 and no break at the end of the file; -1 if it ends too far away.
    private int LineAt(int offset, out int lineBreak)
    {
        var searched = offset;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOfAny(CarriageReturn, LineFeed);
            if (found >= 0)
            {
                var at = _start + searched + found;
                var isPair = _buffer[at] == CarriageReturn && (at + 1 < _end || Fill(ref at)) && _buffer[at + 1] == LineFeed;
                lineBreak = isPair ? 2 : 1;
                var end = at - _start;
                return end > MaxRecord ? -1 : end - offset;
            }

            searched = _end - _start;
            if (searched > MaxRecord)
            {
                lineBreak = 0;
                return -1;
            }

            var unused = 0;
            if (!Fill(ref unused))
            {
                lineBreak = 0;
                return searched - offset;
            }
        }
    }

    // Reads more, keeping what lies behind _start; moves the given position along. False at the end of the file.
    private bool Fill(ref int position)
    {
        if (_ended)
        {
            return false;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            position -= _start;
            _end -= _start;
            _start = 0;
        }

        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _ended = read == 0;
        return !_ended;
    }

    private void SkipLine()
    {
        _skipsLine = false;
        while (true)
        {
            var found = _buffer.AsSpan(_start, _end - _start).IndexOfAny(CarriageReturn, LineFeed);
            if (found >= 0)
            {
                _start += found;
                LineAt(0, out var lineBreak);
                _start += lineBreak;
                _nextLine++;
                return;
            }

            _start = _end;
            var unused = 0;
            if (!Fill(ref unused))
            {
                return;
            }
        }
    }
}
