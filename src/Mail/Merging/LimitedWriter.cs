// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Tutti.Mail.Merging;

/// <summary>Collects what a template prints, up to a limit; a loop cannot fill the memory. Used again and again.</summary>
internal sealed class LimitedWriter(int limit) : TextWriter(CultureInfo.InvariantCulture)
{
    private const int LargestKept = 32 * 1024;

    private char[] _text = new char[256];

    public override Encoding Encoding => Encoding.Unicode;

    public int Length { get; private set; }

    public override void Write(char value) => Room(1)[0] = value;

    public override void Write(string? value) => value?.CopyTo(Room(value.Length));

    public override void Write(char[] buffer, int index, int count) => buffer.AsSpan(index, count).CopyTo(Room(count));

    public override void Write(ReadOnlySpan<char> buffer) => buffer.CopyTo(Room(buffer.Length));

    public override Task WriteAsync(char value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override Task WriteAsync(string? value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override Task WriteAsync(char[] buffer, int index, int count)
    {
        Write(buffer, index, count);
        return Task.CompletedTask;
    }

    public override Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return Task.CompletedTask;
    }

    /// <summary>Hands out the text and begins anew.</summary>
    public string Take()
    {
        var text = new string(_text, 0, Length);
        Clear();
        return text;
    }

    /// <summary>Forgets the text and begins anew.</summary>
    public void Clear()
    {
        Length = 0;
        if (_text.Length > LargestKept)
        {
            _text = new char[256];
        }
    }

    private Span<char> Room(int length)
    {
        if (Length + length > limit)
        {
            throw new MergeException($"The template prints more than {limit} characters.");
        }

        if (Length + length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(2 * _text.Length, Length + length));
        }

        Length += length;
        return _text.AsSpan(Length - length, length);
    }
}
