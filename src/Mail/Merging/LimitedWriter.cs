// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tutti.Mail.Merging;

/// <summary>Collects what a template prints, up to a limit; a loop cannot fill the memory.</summary>
internal sealed class LimitedWriter(int limit) : TextWriter
{
    private readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.Unicode;

    public int Length => _text.Length;

    public override void Write(char value)
    {
        Claim(1);
        _text.Append(value);
    }

    public override void Write(string? value)
    {
        Claim(value?.Length ?? 0);
        _text.Append(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        Claim(count);
        _text.Append(buffer, index, count);
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        Claim(buffer.Length);
        _text.Append(buffer);
    }

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
        var text = _text.ToString();
        _text.Clear();
        return text;
    }

    private void Claim(int length)
    {
        if (_text.Length + length > limit)
        {
            throw new MergeException($"The template prints more than {limit} characters.");
        }
    }
}
