// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Tutti.Mail.Links;
using Tutti.Mail.Returns;
using Tutti.Mail.Transfer;

namespace Tutti.Mail.Composing;

/// <summary>Makes the complete message of one recipient after the other. Safe for use by many threads.</summary>
public sealed class MessageComposer
{
    // Bytes; less is copied more quickly than it is kept apart.
    private const int LeastShared = 16 * 1024;

    private static readonly MessageRecipient _everybody = new(0, "", "", null, []);

    private readonly Piece[] _pieces;
    private readonly LinkWriter _links;
    private readonly MessageIds _messageIds;
    private readonly ulong _job;
    private readonly ReturnKey? _returnKey;
    private readonly byte[] _returnEnd;
    private readonly uint _values;

    /// <summary>Prepares a delivery.</summary>
    /// <param name="pieces">The message.</param>
    /// <param name="settings">What its messages share.</param>
    /// <param name="files">The bytes of the files that it names, by their digests; each is encoded once.</param>
    /// <exception cref="ArgumentException">The pieces hold a slot of an unknown kind or encoding, a file is missing, or the tracking URL is none.</exception>
    public MessageComposer(IEnumerable<Piece> pieces, ComposerSettings settings, IReadOnlyDictionary<string, byte[]>? files = null)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        ArgumentNullException.ThrowIfNull(settings);
        _pieces = [.. pieces.Select(piece => piece.File is { } file ? Encoded(file, files) : piece)];
        _links = new LinkWriter(settings);
        _messageIds = new MessageIds(settings);
        _job = settings.JobId;
        _returnKey = settings.ReturnDomain.Length > 0 ? new ReturnKey(settings.Key) : null;
        _returnEnd = Encoding.ASCII.GetBytes($"@{settings.ReturnDomain}?subject=unsubscribe");
        foreach (var slot in _pieces.Select(piece => piece.Slot).OfType<Slot>())
        {
            if (!Enum.IsDefined(slot.Kind) || !Enum.IsDefined(slot.Encoding))
            {
                throw new ArgumentException($"There is no slot {slot}.", nameof(pieces));
            }

            _values = slot.Kind == SlotKind.Value ? Math.Max(_values, slot.Index + 1) : _values;
        }
    }

    /// <summary>Composes a message.</summary>
    /// <param name="output">Receives the bytes: CRLF line ends, at most 998 characters a line, 7 bits. Nothing if there is a problem. Large pieces only by reference where it <see cref="ISharesLines"/>.</param>
    /// <param name="recipient">The recipient.</param>
    /// <param name="date">Goes into the Date header, in UTC.</param>
    /// <param name="problem">In words, why this recipient's message cannot be composed.</param>
    public bool TryCompose(IBufferWriter<byte> output, MessageRecipient recipient, DateTimeOffset date, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(recipient);
        problem = ProblemOf(recipient);
        if (problem is not null)
        {
            return false;
        }

        var writer = new ByteWriter(output);
        foreach (ref readonly var piece in _pieces.AsSpan())
        {
            if (piece.Slot is { } slot)
            {
                Fill(ref writer, slot, recipient, date);
            }
            else if (piece.Bytes.Length >= LeastShared && output is ISharesLines sharing)
            {
                writer.Flush();
                sharing.Share(piece.Bytes);
            }
            else
            {
                writer.Write(piece.Bytes.Span);
            }
        }

        writer.Flush();
        return true;
    }

    /// <summary>Composes the message that all get: addressed to nobody by name, without anything that leads back to one of them. Its List-Unsubscribe means nothing.</summary>
    /// <param name="output">Receives the bytes, as of <see cref="TryCompose"/>.</param>
    /// <param name="date">Goes into the Date header, in UTC.</param>
    /// <param name="problem">In words, why it cannot be the same for all.</param>
    public bool TryComposeForAll(IBufferWriter<byte> output, DateTimeOffset date, [NotNullWhen(false)] out string? problem) => TryCompose(output, _everybody, date, out problem);

    private static Piece Encoded(FilePlace place, IReadOnlyDictionary<string, byte[]>? files) => files is not null && files.TryGetValue(place.Digest, out var bytes)
        ? Piece.Fixed(Base64Lines.Encode(bytes))
        : throw new ArgumentException($"The file {place.Digest} is not here.", nameof(files));

    private string? ProblemOf(MessageRecipient recipient)
    {
        if ((uint)recipient.Values.Count < _values)
        {
            return $"The message needs {_values} values and has {recipient.Values.Count}.";
        }

        return recipient.Address.AsSpan().ContainsAnyExceptInRange('!', '~') ? "The address holds a character that a header cannot carry." : null;
    }

    private void Fill(ref ByteWriter writer, Slot slot, MessageRecipient recipient, DateTimeOffset date)
    {
        switch (slot.Kind)
        {
            case SlotKind.Value:
                WriteValue(ref writer, recipient.Values[(int)slot.Index], slot.Encoding, recipient.Bearer);
                break;
            case SlotKind.Link:
                WriteLink(ref writer, LinkKind.Click, slot, recipient.Bearer);
                break;
            case SlotKind.OpenImage:
                WriteLink(ref writer, LinkKind.Open, slot, recipient.Bearer);
                break;
            case SlotKind.Unsubscribe:
                WriteLink(ref writer, LinkKind.Unsubscribe, slot, recipient.Bearer);
                WriteUnsubscribeAddress(ref writer, slot, recipient.Id);
                break;
            case SlotKind.To when recipient.Address.Length == 0:
                writer.Write("undisclosed-recipients:;"u8);
                break;
            case SlotKind.To:
                MailboxText.Write(ref writer, recipient.Address, recipient.DisplayName);
                break;
            case SlotKind.MessageId:
                _messageIds.Write(ref writer, recipient.Id);
                break;
            case SlotKind.Date:
                WriteDate(ref writer, date);
                break;
        }
    }

    private void WriteValue(ref ByteWriter writer, string value, SlotEncoding encoding, Bearer bearer)
    {
        if (encoding == SlotEncoding.QuotedPrintable)
        {
            var column = 0;
            _links.WriteExpanded(ref writer, value, bearer, ref column);
            QuotedPrintable.SoftBreak(ref writer, ref column);
        }
        else
        {
            // Markers have no place in a header; there they are control characters like any other.
            HeaderText.Write(ref writer, value);
        }
    }

    private void WriteLink(ref ByteWriter writer, LinkKind kind, Slot slot, Bearer bearer)
    {
        Span<byte> url = stackalloc byte[_links.MaxUrl];
        url = url[.._links.Url(kind, kind == LinkKind.Click ? slot.Index : 0, bearer, url)];
        if (slot.Encoding == SlotEncoding.QuotedPrintable)
        {
            var column = 0;
            QuotedPrintable.Write(ref writer, url, ref column);
            QuotedPrintable.SoftBreak(ref writer, ref column);
        }
        else
        {
            writer.Write(url);
        }
    }

    /// <summary>In List-Unsubscribe, the only place where the URL stands as it is, between angle brackets: a second one, which what follows closes.</summary>
    private void WriteUnsubscribeAddress(ref ByteWriter writer, Slot slot, ulong recipient)
    {
        if (_returnKey is { } key && slot.Encoding == SlotEncoding.Raw)
        {
            writer.Write(">,\r\n <mailto:"u8);
            writer.Write(Encoding.ASCII.GetBytes(ReturnAddress.LocalPart(ReturnUse.Unsubscribe, key.Seal(_job, recipient))));
            writer.Write(_returnEnd);
        }
    }

    private static void WriteDate(ref ByteWriter writer, DateTimeOffset date)
    {
        var room = writer.Reserve(40);
        date.ToUniversalTime().TryFormat(room, out var written, "ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
        writer.Advance(written);
    }
}
