// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tutti.Mail.Dkim;

/// <summary>Signs ready messages for a domain: rsa-sha256, relaxed/relaxed (RFC 6376). Safe for use by many threads.</summary>
public sealed class DkimSigner : IDisposable
{
    private const int SignatureLine = 72;

    /// <summary>In this order, as far as a message has them.</summary>
    private static readonly byte[][] _signed = [.. new[]
    {
        "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "reply-to", "list-id", "list-unsubscribe", "list-unsubscribe-post",
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
        _start = Encoding.ASCII.GetBytes($"v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};\r\n s={selector}; t=");
    }

    /// <summary>Makes the DKIM-Signature header of a message, with its line end; it belongs before the first byte of the message.</summary>
    /// <param name="message">A complete message with CRLF line ends.</param>
    /// <param name="at">Goes into the signature as its time.</param>
    public byte[] Sign(ReadOnlySpan<byte> message, DateTimeOffset at)
    {
        Span<HeaderFields.Field> room = stackalloc HeaderFields.Field[HeaderFields.Most];
        var fields = HeaderFields.Of(message, room);
        var buffer = ArrayPool<byte>.Shared.Rent(fields.BodyStart + 4096);
        try
        {
            var length = WriteSignedFields(fields, buffer);
            var header = WriteHeader(fields, message[fields.BodyStart..], at);
            length += WriteOwn(header.WrittenSpan, buffer.AsSpan(length));
            WriteSignature(buffer.AsSpan(0, length), header);
            return header.WrittenSpan.ToArray();
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
    private ArrayBufferWriter<byte> WriteHeader(in HeaderFields fields, ReadOnlySpan<byte> body, DateTimeOffset at)
    {
        var header = new ArrayBufferWriter<byte>(1024);
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

        // Named once more than they occur: a second From or Subject put in on the way breaks the signature.
        header.Write("from:subject;\r\n bh="u8);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        RelaxedBody.Hash(body, hash);
        Base64.EncodeToUtf8(hash, header.GetSpan(44), out _, out var written);
        header.Advance(written);
        header.Write(";\r\n b="u8);
        return header;
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
        // An RSA object is not promised to bear several threads at once.
        if (!_idle.TryTake(out var rsa))
        {
            rsa = _key.Open();
        }

        Span<byte> signature = stackalloc byte[rsa.KeySize / 8];
        rsa.SignData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _idle.Add(rsa);

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

    private static void ThrowIfNoName(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        if (name.Length > 255 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')))
        {
            throw new ArgumentException("This is not a host name.", parameter);
        }
    }
}
