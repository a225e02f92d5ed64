// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Tutti.Mail.Links;

/// <summary>
/// A signed tracking token: kind, key, job, link and recipient or trace, followed by 80 bits of an HMAC-SHA256 over all of them, as base64url.
/// Every token has exactly one spelling; anything else is refused.
/// </summary>
/// <remarks>
/// Layout: one byte (version, kind, recipient flag, trace flag); key id, job id, link number (clicks only) as varints; eight bytes of recipient token or
/// trace if one of them is flagged; ten bytes of MAC.
/// </remarks>
public readonly record struct LinkToken
{
    /// <summary>Longest token in characters.</summary>
    public const int MaxLength = (MaxBytes * 4 + 2) / 3;

    private const int MacBytes = 10;
    private const int MaxHeadBytes = 1 + 3 + 10 + 5 + 8;
    private const int MaxBytes = MaxHeadBytes + MacBytes;
    private const int RecipientFlag = 0x04;
    private const int TraceFlag = 0x08;
    private const int Version = 0x10;

    private readonly ulong _macStart;
    private readonly ushort _macEnd;

    private LinkToken(LinkKind kind, int keyId, ulong jobId, uint link, ulong? recipient, ulong? trace)
    {
        Kind = kind;
        KeyId = keyId;
        JobId = jobId;
        Link = link;
        Recipient = recipient;
        Trace = trace;
    }

    private LinkToken(in LinkToken head, ReadOnlySpan<byte> mac)
    {
        this = head;
        _macStart = BinaryPrimitives.ReadUInt64BigEndian(mac);
        _macEnd = BinaryPrimitives.ReadUInt16BigEndian(mac[8..]);
    }

    /// <summary>What the token stands for.</summary>
    public LinkKind Kind { get; }

    /// <summary>Id of the <see cref="LinkKey"/> that signed it.</summary>
    public int KeyId { get; }

    /// <summary>Number of the mail job or test delivery.</summary>
    public ulong JobId { get; }

    /// <summary>Number of the link, from 1; 0 for other kinds.</summary>
    public uint Link { get; }

    /// <summary>The recipient's opaque token (see <see cref="RecipientToken"/>); absent where nothing leads back to one.</summary>
    public ulong? Recipient { get; }

    /// <summary>The number of a profile, or of a reader who is nobody; never beside a recipient, and never in an unsubscribe link.</summary>
    public ulong? Trace { get; }

    /// <summary>Writes a new token in ASCII. <paramref name="destination"/> has room for <see cref="MaxLength"/> bytes.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(LinkKey key, LinkKind kind, ulong jobId, uint link, ulong? recipient, Span<byte> destination, ulong? trace = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        if ((kind == LinkKind.Click) != (link != 0))
        {
            throw new ArgumentOutOfRangeException(nameof(link), link, "Clicks have a link number, other tokens have none.");
        }

        if (trace is not null && (recipient is not null || kind == LinkKind.Unsubscribe))
        {
            throw new ArgumentOutOfRangeException(nameof(trace), trace, "A trace stands alone, and only in opens and clicks.");
        }

        Span<byte> bytes = stackalloc byte[MaxBytes];
        var length = WriteHead(new LinkToken(kind, key.Id, jobId, link, recipient, trace), bytes);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        key.Mac.Hash(bytes[..length], mac);
        mac[..MacBytes].CopyTo(bytes[length..]);
        return Base64Url.EncodeToUtf8(bytes[..(length + MacBytes)], destination);
    }

    /// <summary>Makes a new token as text.</summary>
    public static string Create(LinkKey key, LinkKind kind, ulong jobId, uint link, ulong? recipient, ulong? trace = null)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return System.Text.Encoding.ASCII.GetString(text[..Write(key, kind, jobId, link, recipient, text, trace)]);
    }

    /// <summary>Takes a token apart. Nothing in <paramref name="unverified"/> may be believed before <see cref="Verify"/> says yes.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out LinkToken unverified)
    {
        unverified = default;
        Span<byte> bytes = stackalloc byte[MaxBytes];
        if (text.Length > MaxLength || text.ContainsAny('=', ' ', '\t') || text.ContainsAny('\r', '\n'))
        {
            return false;
        }

        if (Base64Url.DecodeFromChars(text, bytes, out _, out var length) != System.Buffers.OperationStatus.Done || length <= MacBytes)
        {
            return false;
        }

        bytes = bytes[..length];
        if (!TryReadHead(bytes[..^MacBytes], out var head) || !IsCanonical(text, bytes))
        {
            return false;
        }

        unverified = new LinkToken(head, bytes[^MacBytes..]);
        return true;
    }

    /// <summary>Was this token made with that secret?</summary>
    public bool Verify(ReadOnlySpan<byte> secret)
    {
        if (KeyId == 0)
        {
            return false;
        }

        Span<byte> head = stackalloc byte[MaxHeadBytes];
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> mine = stackalloc byte[MacBytes];
        HMACSHA256.HashData(secret, head[..WriteHead(this, head)], right);
        BinaryPrimitives.WriteUInt64BigEndian(mine, _macStart);
        BinaryPrimitives.WriteUInt16BigEndian(mine[8..], _macEnd);
        return CryptographicOperations.FixedTimeEquals(right[..MacBytes], mine);
    }

    private static int WriteHead(in LinkToken token, Span<byte> bytes)
    {
        bytes[0] = (byte)(Version | (int)token.Kind | (token.Recipient is null ? 0 : RecipientFlag) | (token.Trace is null ? 0 : TraceFlag));
        var length = 1;
        length += Varint.Write((ulong)token.KeyId, bytes[length..]);
        length += Varint.Write(token.JobId, bytes[length..]);
        if (token.Kind == LinkKind.Click)
        {
            length += Varint.Write(token.Link, bytes[length..]);
        }

        if ((token.Recipient ?? token.Trace) is { } number)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes[length..], number);
            length += sizeof(ulong);
        }

        return length;
    }

    private static bool TryReadHead(ReadOnlySpan<byte> bytes, out LinkToken head)
    {
        head = default;
        var kind = (LinkKind)(bytes[0] & 0x03);
        var hasRecipient = (bytes[0] & RecipientFlag) != 0;
        var hasTrace = (bytes[0] & TraceFlag) != 0;
        if ((bytes[0] & ~(RecipientFlag | TraceFlag | 0x03)) != Version || kind == 0 || (hasTrace && (hasRecipient || kind == LinkKind.Unsubscribe)))
        {
            return false;
        }

        bytes = bytes[1..];
        ulong link = 0;
        if (!Varint.TryRead(ref bytes, ushort.MaxValue, out var keyId) || keyId == 0
            || !Varint.TryRead(ref bytes, ulong.MaxValue, out var jobId)
            || (kind == LinkKind.Click && (!Varint.TryRead(ref bytes, uint.MaxValue, out link) || link == 0))
            || bytes.Length != (hasRecipient || hasTrace ? sizeof(ulong) : 0))
        {
            return false;
        }

        ulong? number = hasRecipient || hasTrace ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : null;
        head = new LinkToken(kind, (int)keyId, jobId, (uint)link, hasRecipient ? number : null, hasTrace ? number : null);
        return true;
    }

    // Base64 has spare bits in its last character; without this check a token would have several spellings.
    private static bool IsCanonical(ReadOnlySpan<char> text, ReadOnlySpan<byte> bytes)
    {
        Span<char> again = stackalloc char[MaxLength];
        return text.SequenceEqual(again[..Base64Url.EncodeToChars(bytes, again)]);
    }
}
