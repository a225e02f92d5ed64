// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Composing;

/// <summary>Fixed bytes of a message, a file, or a slot that is filled for each recipient. Joined in order the pieces are a complete message.</summary>
public readonly record struct Piece
{
    private Piece(ReadOnlyMemory<byte> bytes, Slot? slot, FilePlace? file)
    {
        Bytes = bytes;
        Slot = slot;
        File = file;
    }

    /// <summary>The bytes; empty for a slot and for a file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The slot; null for anything else.</summary>
    public Slot? Slot { get; }

    /// <summary>The file; null for anything else.</summary>
    public FilePlace? File { get; }

    /// <summary>Makes a piece of fixed bytes, already encoded, with CRLF line ends.</summary>
    public static Piece Fixed(ReadOnlyMemory<byte> bytes) => new(bytes, null, null);

    /// <summary>Makes a piece that is filled for each recipient.</summary>
    public static Piece Of(Slot slot) => new(default, slot, null);

    /// <summary>Makes a piece that is a file, the same for all, whose bytes come by another way.</summary>
    public static Piece Of(FilePlace file) => new(default, null, file);
}

/// <summary>A place in a message that is filled for each recipient.</summary>
/// <param name="Kind">With what.</param>
/// <param name="Index">Of a value: its index, from 0. Of a link: its number, from 1. Otherwise 0.</param>
/// <param name="Encoding">How it is written.</param>
public readonly record struct Slot(SlotKind Kind, uint Index, SlotEncoding Encoding);

/// <summary>Where a file stands in a message: in base64, lines of 76 characters (RFC 2045 §6.8).</summary>
/// <param name="Digest">SHA-256 of its bytes, in lower-case hexadecimal digits.</param>
/// <param name="Size">In bytes, before it is encoded.</param>
public readonly record struct FilePlace(string Digest, long Size);

/// <summary>With what a slot is filled. Numbered like the contract of the distributor.</summary>
public enum SlotKind
{
    /// <summary>A value of the recipient; may hold markers of links.</summary>
    Value = 1,

    /// <summary>The tracking URL of a link.</summary>
    Link = 2,

    /// <summary>The URL of the open image.</summary>
    OpenImage = 3,

    /// <summary>The URL for unsubscribing.</summary>
    Unsubscribe = 4,

    /// <summary>The recipient's mailbox, as it stands in a To header.</summary>
    To = 5,

    /// <summary>A Message-ID, the same at every attempt.</summary>
    MessageId = 6,

    /// <summary>The date, RFC 5322 §3.3.</summary>
    Date = 7,
}

/// <summary>How a slot is written. Numbered like the contract of the distributor.</summary>
public enum SlotEncoding
{
    /// <summary>As it is.</summary>
    Raw = 1,

    /// <summary>RFC 2045 §6.7, from the first column of a line to the first column of a line.</summary>
    QuotedPrintable = 2,

    /// <summary>Unstructured header text, RFC 2047 where needed, folded.</summary>
    Header = 3,
}
