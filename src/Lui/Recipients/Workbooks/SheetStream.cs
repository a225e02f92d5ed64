// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tutti.Lui.Recipients.Workbooks;

/// <summary>The rows of a sheet as separated values in UTF-8, written while they are read: as large as it may be, little of it is in memory.</summary>
internal sealed class SheetStream(IEnumerable<IReadOnlyList<string>> rows) : Stream
{
    private const int Enough = 64 * 1024;
    private readonly IEnumerator<IReadOnlyList<string>> _rows = rows.GetEnumerator();
    private readonly StringBuilder _text = new();
    private byte[] _bytes = [];
    private int _at;
    private int _width;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_at == _bytes.Length)
        {
            Fill();
        }

        var count = Math.Min(buffer.Length, _bytes.Length - _at);
        _bytes.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _rows.Dispose();
        base.Dispose(disposing);
    }

    private void Fill()
    {
        _text.Clear();
        while (_text.Length < Enough && _rows.MoveNext())
        {
            Append(_rows.Current);
        }

        _bytes = Encoding.UTF8.GetBytes(_text.ToString());
        _at = 0;
    }

    // The first row with something in it says how many columns there are; empty cells at the end of a row are not stored in a workbook.
    private void Append(IReadOnlyList<string> row)
    {
        if (row.Count > 0)
        {
            _width = _width == 0 ? row.Count : _width;
            for (var i = 0; i < Math.Max(row.Count, _width); i++)
            {
                _text.Append(i == 0 ? "" : ",").Append('"').Append(i < row.Count ? row[i].Replace("\"", "\"\"", StringComparison.Ordinal) : "").Append('"');
            }
        }

        _text.Append('\n');
    }
}
