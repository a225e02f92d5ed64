// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tutti.Dst.Smtp;

/// <summary>Puts a reply (RFC 5321 §4.2) together from bytes as they arrive. Keeps the first 8 KB of its words, reads on to its end.</summary>
internal sealed class ReplyReader
{
    /// <summary>A reply that is longer than this is not one; 1 MiB.</summary>
    public const int Longest = 1024 * 1024;

    private const int Kept = 8 * 1024;
    private readonly byte[] _words = new byte[Kept];
    private int _length;
    private int _taken;
    private int _column;
    private int _lineCode;
    private int _seenCode;
    private bool _more;
    private string _lastText = "";

    /// <summary>The code of the complete reply.</summary>
    public int Code { get; private set; }

    /// <summary>The words of the complete reply, code included, lines joined by spaces; at most 500 characters.</summary>
    public string Text
    {
        get
        {
            Span<char> characters = stackalloc char[500];
            (characters[0], characters[1], characters[2], characters[3]) = ((char)('0' + (Code / 100)), (char)('0' + (Code / 10 % 10)), (char)('0' + (Code % 10)), ' ');
            var text = characters[..(4 + Clean(_words.AsSpan(0, _length), characters[4..]))].TrimEnd();

            // A receiver says the same words a thousand times; one string will do.
            if (!text.SequenceEqual(_lastText))
            {
                _lastText = text.ToString();
            }

            return _lastText;
        }
    }

    /// <summary>The enhanced code at the head of the words (RFC 2034), empty if there is none of the class of the reply.</summary>
    public string EnhancedCode
    {
        get
        {
            var words = _words.AsSpan(0, _length);
            var end = words.IndexOfAny((byte)' ', (byte)'\n');
            return IsEnhancedCode(end < 0 ? words : words[..end]) ? Encoding.ASCII.GetString(end < 0 ? words : words[..end]) : "";
        }
    }

    /// <summary>The lines of the complete reply without codes.</summary>
    public IEnumerable<string> Lines => Encoding.UTF8.GetString(_words, 0, _length).Split('\n');

    /// <summary>Prepares for the next reply.</summary>
    public void Clear() => (_length, _taken, _column, _lineCode, _seenCode, _more) = (0, 0, 0, 0, 0, false);

    /// <summary>Takes bytes up to the end of the reply.</summary>
    /// <param name="bytes">What arrived.</param>
    /// <param name="used">How many of them belong to this reply.</param>
    /// <returns>True when the reply is complete.</returns>
    /// <exception cref="WireException">This is no SMTP reply.</exception>
    public bool Take(ReadOnlySpan<byte> bytes, out int used)
    {
        for (used = 0; used < bytes.Length;)
        {
            var value = bytes[used++];
            if (++_taken > Longest)
            {
                throw new WireException("The receiver's reply does not end.");
            }

            if (value == (byte)'\n')
            {
                if (EndLine())
                {
                    return true;
                }
            }
            else if (value != (byte)'\r')
            {
                TakeInLine(value);
            }
        }

        return false;
    }

    private void TakeInLine(byte value)
    {
        switch (_column++)
        {
            case 0 when value is >= (byte)'2' and <= (byte)'5':
            case 1 or 2 when value is >= (byte)'0' and <= (byte)'9':
                _lineCode = (_lineCode * 10) + value - '0';
                break;
            case 3 when value is (byte)' ' or (byte)'-':
                _more = value == (byte)'-';
                break;
            case > 3:
                Keep(value);
                break;
            default:
                throw new WireException("The receiver's reply is not SMTP.");
        }
    }

    private bool EndLine()
    {
        if (_column < 3)
        {
            throw new WireException("The receiver's reply is not SMTP.");
        }

        if (_seenCode != 0 && _seenCode != _lineCode)
        {
            // RFC 5321 §4.2.1: the code on every line must be the same. Which one counts would be a guess.
            throw new WireException("The receiver's reply contradicts itself.");
        }

        _seenCode = _lineCode;
        var last = _column == 3 || !_more;
        if (last)
        {
            Code = _lineCode;
        }
        else
        {
            Keep((byte)'\n');
        }

        (_column, _lineCode, _more) = (0, 0, false);
        return last;
    }

    private void Keep(byte value)
    {
        if (_length < Kept)
        {
            _words[_length++] = value;
        }
    }

    private static int Clean(ReadOnlySpan<byte> words, Span<char> target)
    {
        var length = 0;
        while (!words.IsEmpty && length < target.Length - 4)
        {
            Rune.DecodeFromUtf8(words, out var rune, out var consumed);
            words = words[consumed..];
            length += (Rune.IsControl(rune) ? new Rune(' ') : rune).EncodeToUtf16(target[length..]);
        }

        return length;
    }

    private bool IsEnhancedCode(ReadOnlySpan<byte> word)
    {
        var dots = 0;
        var digits = 0;
        foreach (var value in word)
        {
            if (value == (byte)'.' && digits > 0)
            {
                (dots, digits) = (dots + 1, 0);
            }
            else if (value is < (byte)'0' or > (byte)'9' || ++digits > 3)
            {
                return false;
            }
        }

        return dots == 2 && digits > 0 && word.Length <= 9 && word[1] == '.' && word[0] - '0' == Code / 100;
    }
}
