// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Tutti.Wiring.Corridor.Listening;

/// <summary>
/// What a caller offers in its first message (RFC 8446 §4.1.2). Read only to say afterwards why a handshake failed, since
/// the framework tells neither the reason nor the address.
/// </summary>
/// <param name="HighestVersion">0x0304 for TLS 1.3, 0x0303 for 1.2, and so on.</param>
/// <param name="Suites">The cipher suites offered.</param>
internal sealed record ClientHello(int HighestVersion, IReadOnlyList<int> Suites)
{
    private const byte HandshakeRecord = 0x16;
    private const byte HelloMessage = 1;
    private const int RecordHeader = 5;
    private const int SupportedVersions = 43;
    private const int GreaseMask = 0x0f0f;
    private const int Grease = 0x0a0a;

    /// <summary>Bytes of the first record that are needed before it can be read; null if this is no TLS record.</summary>
    public static int? LengthOf(ReadOnlySpan<byte> start) => start switch
    {
        { Length: < RecordHeader } => null,
        _ when start[0] != HandshakeRecord || start[1] != 3 => null,
        _ => RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(start[3..]),
    };

    /// <summary>Reads a first record; null if it is cut into several or is not well formed.</summary>
    public static ClientHello? Read(ReadOnlySpan<byte> record)
    {
        if (LengthOf(record) is not { } length || record.Length < length)
        {
            return null;
        }

        try
        {
            return ReadMessage(record[RecordHeader..length]);
        }
        catch (ArgumentOutOfRangeException)
        {
            // A length in it leads beyond its end.
            return null;
        }
    }

    private static ClientHello? ReadMessage(ReadOnlySpan<byte> message)
    {
        const int Random = 32;
        if (message.Length < 4 || message[0] != HelloMessage)
        {
            return null;
        }

        var body = message[4..];
        int version = BinaryPrimitives.ReadUInt16BigEndian(body);
        body = body[(2 + Random)..];
        body = body[(1 + body[..1][0])..];
        int suitesLength = BinaryPrimitives.ReadUInt16BigEndian(body);
        var suites = Numbers(body.Slice(2, suitesLength));
        body = body[(2 + suitesLength)..];
        body = body[(1 + body[..1][0])..];
        return new ClientHello(HighestOf(body, version), suites);
    }

    private static int HighestOf(ReadOnlySpan<byte> extensions, int version)
    {
        if (extensions.Length < 2)
        {
            return version;
        }

        var rest = extensions[2..];
        while (rest.Length >= 4)
        {
            int type = BinaryPrimitives.ReadUInt16BigEndian(rest);
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            var content = rest.Slice(4, length);
            if (type == SupportedVersions)
            {
                return Numbers(content[1..]).Where(number => (number & GreaseMask) != Grease).DefaultIfEmpty(version).Max();
            }

            rest = rest[(4 + length)..];
        }

        return version;
    }

    private static List<int> Numbers(ReadOnlySpan<byte> bytes)
    {
        List<int> numbers = [];
        for (var i = 0; i + 1 < bytes.Length; i += 2)
        {
            numbers.Add(BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]));
        }

        return numbers;
    }
}
