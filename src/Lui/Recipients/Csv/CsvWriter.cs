// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Tutti.Lui.Recipients.Csv;

/// <summary>Writes comma-separated values (RFC 4180) in UTF-8.</summary>
internal sealed class CsvWriter(Stream stream) : IAsyncDisposable
{
    private static readonly SearchValues<char> _quoted = SearchValues.Create(",\"\r\n\0");
    private readonly StreamWriter _writer = new(stream, leaveOpen: true) { NewLine = "\r\n" };

    /// <summary>Writes a record.</summary>
    public async Task Write(IEnumerable<string> values)
    {
        var isFirst = true;
        foreach (var value in values)
        {
            if (!isFirst)
            {
                await _writer.WriteAsync(',');
            }

            isFirst = false;
            await _writer.WriteAsync(Quoted(value));
        }

        await _writer.WriteLineAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    // Blanks at the edges are quoted too, because some programs drop them.
    private static string Quoted(string value) =>
        value.AsSpan().ContainsAny(_quoted) || (value.Length > 0 && (value[0] is ' ' or '\t' || value[^1] is ' ' or '\t'))
            ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : value;
}
