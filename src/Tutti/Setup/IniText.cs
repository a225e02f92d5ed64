// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Tutti.Commands.Setup;

/// <summary>Writes an INI file that the reader gets back value by value: comments, keys, and escapes where the rules ask for them.</summary>
internal sealed class IniText
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a comment; every line of it gets its own <c>#</c>.</summary>
    public IniText Comment(string comment)
    {
        foreach (var line in comment.ReplaceLineEndings("\n").Split('\n'))
        {
            _text.Append(line.Length == 0 ? "#" : "# ").Append(line).Append('\n');
        }

        return this;
    }

    /// <summary>Adds an empty line.</summary>
    public IniText Blank()
    {
        _text.Append('\n');
        return this;
    }

    /// <summary>Adds a key with its value.</summary>
    public IniText Set(string key, string value)
    {
        AppendEscaped(key, isKey: true);
        _text.Append('=');
        AppendEscaped(value, isKey: false);
        _text.Append('\n');
        return this;
    }

    /// <summary>Adds a number.</summary>
    public IniText Set(string key, int value) => Set(key, value.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private void AppendEscaped(string text, bool isKey)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            // A blank is only lost at the start of a value; the last one is escaped so that no editor trims it.
            var edge = isKey || i == 0 || i == text.Length - 1;
            _ = character switch
            {
                '\\' => _text.Append(@"\\"),
                '\t' => _text.Append(@"\t"),
                '\n' => _text.Append(@"\n"),
                '\r' => _text.Append(@"\r"),
                ' ' when edge => _text.Append(@"\ "),
                '=' or ':' when isKey => _text.Append('\\').Append(character),
                '#' or '!' when isKey && i == 0 => _text.Append('\\').Append(character),
                _ when char.IsControl(character) || (char.IsWhiteSpace(character) && character != ' ') =>
                    _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => _text.Append(character),
            };
        }
    }
}
