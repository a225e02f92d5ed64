// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Tutti.Mail.Transfer;

namespace Tutti.Mail.Composing;

/// <summary>Collects the pieces of a message while it is compiled.</summary>
internal sealed class PieceList
{
    private readonly List<Piece> _pieces = [];
    private ArrayBufferWriter<byte> _fixed = new();

    public void Add(string ascii)
    {
        var writer = new ByteWriter(_fixed);
        writer.WriteAscii(ascii);
        writer.Flush();
    }

    public void AddHeader(string name, string text)
    {
        Add(name + ": ");
        var writer = new ByteWriter(_fixed);
        HeaderText.Write(ref writer, text);
        writer.Flush();
        Add("\r\n");
    }

    public void AddMailbox(string header, string address, string name)
    {
        Add(header + ": ");
        var writer = new ByteWriter(_fixed);
        MailboxText.Write(ref writer, address, name);
        writer.Flush();
        Add("\r\n");
    }

    public void Add(SlotKind kind, uint index, SlotEncoding encoding) => Add(Piece.Of(new Slot(kind, index, encoding)));

    public void Add(FilePlace file) => Add(Piece.Of(file));

    /// <summary>Adds a part in quoted-printable; the caller ends its last line.</summary>
    public void AddQuotedPrintable(IReadOnlyList<PartElement> elements)
    {
        var column = 0;
        foreach (var element in elements)
        {
            var writer = new ByteWriter(_fixed);
            switch (element)
            {
                case PartElement.Fixed text:
                    QuotedPrintable.Write(ref writer, text.Text, ref column);
                    writer.Flush();
                    break;
                case PartElement.Place place:
                    QuotedPrintable.SoftBreak(ref writer, ref column);
                    writer.Flush();
                    Add(place.Kind, place.Index, SlotEncoding.QuotedPrintable);
                    break;
            }
        }
    }

    private void Add(Piece piece)
    {
        if (_fixed.WrittenCount > 0)
        {
            _pieces.Add(Piece.Fixed(_fixed.WrittenSpan.ToArray()));
            _fixed = new ArrayBufferWriter<byte>();
        }

        _pieces.Add(piece);
    }

    public IReadOnlyList<Piece> Close()
    {
        if (_fixed.WrittenCount > 0)
        {
            _pieces.Add(Piece.Fixed(_fixed.WrittenSpan.ToArray()));
        }

        return _pieces;
    }
}
