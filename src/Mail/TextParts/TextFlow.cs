// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tutti.Mail.TextParts;

/// <summary>
/// Writes words one after the other, with line breaks and blanks only where words follow. Liquid goes through as it is: what a block of it changes
/// about the place on the page counts inside of it, and behind it the larger gap is taken.
/// </summary>
internal sealed class TextFlow
{
    // How wide what an output prints is taken to be, where something has to be as wide as the line.
    private const int OutputWidth = 10;

    private readonly StringBuilder _text = new();
    private readonly Stack<int> _blocks = new();
    private bool _marked;
    private int _breaks;
    private bool _started;
    private bool _blank;
    private string _separator = "";

    /// <summary>Characters of the line that is being written, counted roughly.</summary>
    public int Width { get; private set; }

    /// <summary>Has the line no words yet?</summary>
    public bool IsAtStart => !_started || _breaks > 0;

    /// <summary>What further lines begin with.</summary>
    public string Indent { get; set; } = "";

    /// <summary>The next words begin a new line, with blank lines before it so that there are this many line breaks.</summary>
    public void Break(int lines = 1)
    {
        _breaks = _marked ? 0 : Math.Max(_breaks, lines);
        _blank = false;
        _separator = "";
    }

    /// <summary>One more line break, whatever there is.</summary>
    public void NewLine()
    {
        _breaks++;
        _blank = false;
    }

    /// <summary>Stands between the words before and those behind, if both are on one line.</summary>
    public void Separate(string separator) => _separator = IsAtStart ? "" : separator;

    /// <summary>Words; blanks are put together.</summary>
    public void Words(string text)
    {
        var words = text.Split((char[])[' ', '\t', '\r', '\n', '\f'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            _blank |= text.Length > 0;
            return;
        }

        _blank |= char.IsWhiteSpace(text[0]) && text[0] != '\u00A0';
        Put(string.Join(' ', words));
        _blank = char.IsWhiteSpace(text[^1]) && text[^1] != '\u00A0';
    }

    /// <summary>Text as it is, with its own line breaks.</summary>
    public void Verbatim(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0)
            {
                NewLine();
            }

            if (lines[i].Length > 0)
            {
                Put(lines[i]);
            }
        }
    }

    /// <summary>Text that is put at once, before the words that follow.</summary>
    public void Put(string text, int? width = null)
    {
        Flush();
        _text.Append(text);
        Width += width ?? text.Length;
    }

    /// <summary>Text close to the words before it.</summary>
    public void Attach(string text)
    {
        _blank = false;
        Put(IsAtStart ? text.TrimStart() : text);
    }

    /// <summary>The mark of an item; its first words stand on the same line.</summary>
    public void Mark(string mark)
    {
        (_breaks, _marked) = (Math.Max(_breaks, 1), false);
        Put(mark);
        _marked = true;
    }

    /// <summary>A tag or an output of Liquid.</summary>
    public void Liquid(string source)
    {
        if (source.StartsWith("{{", StringComparison.Ordinal))
        {
            Put(source, OutputWidth);
            return;
        }

        var name = NameOf(source);
        if (name == "comment")
        {
            return;
        }

        FlushBlank(isKept: name is "assign" or "cycle" or "increment" or "decrement" or "echo");
        if (name.StartsWith("end", StringComparison.Ordinal))
        {
            _breaks = Math.Max(_breaks, _blocks.Count > 0 ? _blocks.Pop() : 0);
        }
        else if (name is "else" or "elsif" or "when")
        {
            _breaks = _blocks.Count > 0 ? _blocks.Peek() : _breaks;
        }
        else if (name is "if" or "unless" or "case" or "for" or "tablerow" or "capture" or "ifchanged" or "raw")
        {
            if (name is "for" or "tablerow")
            {
                BeginLoop();
            }

            _blocks.Push(_breaks);
        }

        _text.Append(source);
    }

    /// <summary>Everything that was written.</summary>
    public string End() => _text.ToString();

    /// <summary>The name of a tag; empty for an output.</summary>
    public static string NameOf(string tag)
    {
        var inside = tag.AsSpan(2).TrimStart("- \t\r\n");
        return inside[..(inside.IndexOfAnyExceptInRange('a', 'z') is var end and >= 0 ? end : inside.Length)].ToString();
    }

    // The lines of a loop follow each other: what is before the first of them beyond that is written before the loop.
    private void BeginLoop()
    {
        if (_breaks > 1)
        {
            _text.Append('\n', _started ? Math.Min(_breaks, 3) - 1 : 0);
            _breaks = 1;
        }

        _started = true;
    }

    private void Flush()
    {
        if (_breaks > 0 && _started)
        {
            _text.Append('\n', Math.Min(_breaks, 3)).Append(Indent);
            Width = Indent.Length;
        }
        else if (_separator.Length > 0 && _breaks == 0)
        {
            _text.Append(_separator);
            Width += _separator.Length;
        }
        else
        {
            FlushBlank();
        }

        (_started, _breaks, _blank, _separator, _marked) = (true, 0, false, "", false);
    }

    // A blank before a block is printed before it: whether its first words are, is not known.
    private void FlushBlank(bool isKept = false)
    {
        if (isKept)
        {
            return;
        }

        if (_blank && _breaks == 0 && _started && !_marked)
        {
            _text.Append(' ');
            Width++;
        }

        _blank = false;
    }
}
