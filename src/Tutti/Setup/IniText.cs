// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Setup;

/// <summary>Puts an ini file together: comments and entries, escaped so that the reader gets back what was given.</summary>
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

    /// <summary>Adds an entry.</summary>
    public IniText Set(string key, string value)
    {
        _text.Append(IniFile.Escape(key, isKey: true)).Append('=').Append(IniFile.Escape(value, isKey: false)).Append('\n');
        return this;
    }

    /// <summary>Adds a number.</summary>
    public IniText Set(string key, int value) => Set(key, value.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
