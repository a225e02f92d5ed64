// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tutti.Mail.Dkim;

/// <summary>Signs ready messages for a domain with one key: sha256, relaxed/relaxed (RFC 6376). Safe for use by many threads.</summary>
public sealed class DkimSigner : IDisposable
{
    private const int SignatureLine = 72;
    private const int CurveSignature = 64;

    /// <summary>In this order, as far as a message has them.</summary>
    private static readonly byte[][] _signed = [.. new[]
    {
        "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding", "reply-to", "list-id",
        "list-unsubscribe", "list-unsubscribe-post", "feedback-id",
    }.Select(Encoding.ASCII.GetBytes)];

    private readonly DkimKey _key;
    private readonly byte[] _start;
    private readonly ConcurrentBag<RSA> _idle = [];

    /// <summary>Prepares signing.</summary>
    /// <param name="key">Private key.</param>
    /// <param name="domain">Domain that signs, in A-labels.</param>
    /// <param name="selector">Name of the key in that domain.</param>
    public DkimSigner(DkimKey key, string domain, string selector)
    {
        ArgumentNullException.ThrowIfNull(key);
        ThrowIfNoName(domain, nameof(domain));
        ThrowIfNoName(selector, nameof(selector));
        _key = key;
        var algorithm = key.Algorithm == DkimAlgorithm.Rsa ? "rsa-sha256" : "ed25519-sha256";
        _start = Encoding.ASCII.GetBytes($"v=1; a={algorithm}; c=relaxed/relaxed; d={domain};\r\n s={selector}; t=");
        Selector = selector;
    }

    /// <summary>What kind of key signs.</summary>
    public DkimAlgorithm Algorithm => _key.Algorithm;

    /// <summary>Name of the key in its domain.</summary>
    public string Selector { get; }

    /// <summary>Makes the DKIM-Signature header of a message, with its line end; it belongs before the first byte of the message.</summary>
    /// <param name="message">A complete message with CRLF line ends.</param>
    /// <param name="at">Goes into the signature as its time.</param>
    public byte[] Sign(ReadOnlySpan<byte> message, DateTimeOffset at) => Sign([this], message, at);

    /// <summary>Makes the headers of several keys: each signs the message for itself, what they have in common is worked out once.</summary>
    /// <param name="signers">The keys, in the order of their headers.</param>
    /// <param name="message">A complete message with CRLF line ends.</param>
    /// <param name="at">Goes into the signatures as their time.</param>
    public static byte[] Sign(ReadOnlySpan<DkimSigner> signers, ReadOnlySpan<byte> message, DateTimeOffset at) => Sign(signers, message, default, at);

    /// <summary>The same for a message in parts.</summary>
    /// <param name="signers">The keys, in the order of their headers.</param>
    /// <param name="message">A complete message with CRLF line ends; its header lies in the first part, and each part but the last one ends with a line.</param>
    /// <param name="at">Goes into the signatures as their time.</param>
    public static byte[] Sign(ReadOnlySpan<DkimSigner> signers, in ReadOnlySequence<byte> message, DateTimeOffset at) =>
        Sign(signers, message.FirstSpan, message.IsSingleSegment ? default : message.Slice(message.FirstSpan.Length), at);

    private static byte[] Sign(ReadOnlySpan<DkimSigner> signers, ReadOnlySpan<byte> message, in ReadOnlySequence<byte> rest, DateTimeOffset at)
    {
        Span<HeaderFields.Field> room = stackalloc HeaderFields.Field[HeaderFields.Most];
        var fields = HeaderFields.Of(message, room);
        var buffer = ArrayPool<byte>.Shared.Rent(fields.BodyStart + 4096);
        try
        {
            var common = WriteSignedFields(fields, buffer);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            RelaxedBody.Hash(message[fields.BodyStart..], rest, hash);
            var headers = new ArrayBufferWriter<byte>(1024 * signers.Length);
            foreach (var signer in signers)
            {
                var start = headers.WrittenCount;
                signer.WriteHeader(fields, hash, at, headers);
                var length = common + WriteOwn(headers.WrittenSpan[start..], buffer.AsSpan(common));
                signer.WriteSignature(buffer.AsSpan(0, length), headers);
            }

            return headers.WrittenSpan.ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryTake(out var rsa))
        {
            rsa.Dispose();
        }
    }

    private static int WriteSignedFields(in HeaderFields fields, Span<byte> destination)
    {
        var length = 0;
        foreach (var name in _signed)
        {
            if (fields.TryFind(name, out var value))
            {
                name.CopyTo(destination[length..]);
                length += name.Length;
                destination[length++] = (byte)':';
                length += RelaxedText.Collapse(value.Trim(" \t\r\n"u8), destination[length..]);
                "\r\n"u8.CopyTo(destination[length..]);
                length += 2;
            }
        }

        return length;
    }

    /// <summary>The header up to and with "b=".</summary>
    private void WriteHeader(in HeaderFields fields, ReadOnlySpan<byte> hash, DateTimeOffset at, ArrayBufferWriter<byte> header)
    {
        header.Write("DKIM-Signature: "u8);
        header.Write(_start);
        at.ToUnixTimeSeconds().TryFormat(header.GetSpan(20), out var digits, default, CultureInfo.InvariantCulture);
        header.Advance(digits);
        header.Write(";\r\n h="u8);
        foreach (var name in _signed)
        {
            if (fields.TryFind(name, out _))
            {
                header.Write(name);
                header.Write(":"u8);
            }
        }

        // Named once more than they occur: a second one of these put in on the way breaks the signature.
        header.Write("from:to:subject:date:reply-to;\r\n bh="u8);
        Base64.EncodeToUtf8(hash, header.GetSpan(44), out _, out var written);
        header.Advance(written);
        header.Write(";\r\n b="u8);
    }

    /// <summary>The signature's own header in relaxed form, without a line end.</summary>
    private static int WriteOwn(ReadOnlySpan<byte> header, Span<byte> destination)
    {
        "dkim-signature:"u8.CopyTo(destination);
        var name = "DKIM-Signature: ".Length;
        return name - 1 + RelaxedText.Collapse(header[name..], destination[(name - 1)..]);
    }

    private void WriteSignature(ReadOnlySpan<byte> data, ArrayBufferWriter<byte> header)
    {
        var signature = _key.Algorithm == DkimAlgorithm.Rsa ? SignWithRsa(data) : SignWithCurve(data);
        Span<byte> text = stackalloc byte[Base64.GetMaxEncodedToUtf8Length(signature.Length)];
        Base64.EncodeToUtf8(signature, text, out _, out var length);
        ReadOnlySpan<byte> rest = text[..length];
        while (rest.Length > SignatureLine)
        {
            header.Write(rest[..SignatureLine]);
            header.Write("\r\n "u8);
            rest = rest[SignatureLine..];
        }

        header.Write(rest);
        header.Write("\r\n"u8);
    }

    private byte[] SignWithRsa(ReadOnlySpan<byte> data)
    {
        // An RSA object is not promised to bear several threads at once.
        if (!_idle.TryTake(out var rsa))
        {
            rsa = _key.OpenRsa();
        }

        var signature = rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _idle.Add(rsa);
        return signature;
    }

    /// <summary>RFC 8463 section 3: what is signed is the hash, by the pure form of the algorithm.</summary>
    private byte[] SignWithCurve(ReadOnlySpan<byte> data)
    {
        var signature = new byte[CurveSignature];
        _key.SignWithCurve(SHA256.HashData(data), signature);
        return signature;
    }

    private static void ThrowIfNoName(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        if (name.Length > 255 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')))
        {
            throw new ArgumentException("This is not a host name.", parameter);
        }
    }
}
