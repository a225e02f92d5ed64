// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Numerics;
using System.Text;
using Tutti.Mail.Links;

namespace Tutti.Trk.Spool;

/// <summary>How the events of one commit lie in their row.</summary>
/// <remarks>Per event, little-endian: version and kind (1 byte), flags (1), length of the address (1), length of the user agent (2), time (8), job (8), link (4),
/// recipient or trace (8, if flagged), address, user agent in UTF-8.</remarks>
internal static class PackedEvents
{
    private const byte Version = 0x10;
    private const byte KindBits = 0x0F;
    private const byte HasRecipient = 1;
    private const byte HasTrace = 2;
    private const int FixedBytes = 25;
    private const int MaxAddressBytes = 16;
    private const int MaxUserAgentBytes = TrackedEvent.MaxUserAgent * 3;

    /// <summary>Largest packed event in bytes.</summary>
    public const int MaxBytes = FixedBytes + sizeof(ulong) + MaxAddressBytes + MaxUserAgentBytes;

    /// <summary>Adds one event.</summary>
    public static void Add(in TrackedEvent tracked, IBufferWriter<byte> packed)
    {
        var bytes = packed.GetSpan(MaxBytes);
        var length = FixedBytes;
        bytes[0] = (byte)(Version | (byte)tracked.Kind);
        bytes[1] = tracked.Recipient is not null ? HasRecipient : tracked.Trace is not null ? HasTrace : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[5..], tracked.AtMs);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[13..], tracked.JobId);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[21..], tracked.Link);
        if ((tracked.Recipient ?? tracked.Trace) is { } written)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[length..], written);
            length += sizeof(ulong);
        }

        var address = 0;
        tracked.ClientAddress?.TryWriteBytes(bytes[length..], out address);
        bytes[2] = (byte)address;
        length += address;
        var userAgent = Encoding.UTF8.GetBytes(tracked.UserAgent, bytes[length..]);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[3..], (ushort)userAgent);
        packed.Advance(length + userAgent);
    }

    /// <summary>Reads the events of a row whose checksum was right.</summary>
    /// <exception cref="InvalidDataException">It was written by a version of this program that packed events in another way.</exception>
    public static List<TrackedEvent> Read(ReadOnlySpan<byte> packed)
    {
        var events = new List<TrackedEvent>();
        while (!packed.IsEmpty)
        {
            if (packed.Length < FixedBytes || (packed[0] & ~KindBits) != Version)
            {
                throw new InvalidDataException("These events were packed in a way that this version does not know.");
            }

            var kind = (LinkKind)(packed[0] & KindBits);
            var flag = packed[1];
            var addressLength = packed[2];
            var userAgentLength = BinaryPrimitives.ReadUInt16LittleEndian(packed[3..]);
            var atMs = BinaryPrimitives.ReadInt64LittleEndian(packed[5..]);
            var jobId = BinaryPrimitives.ReadUInt64LittleEndian(packed[13..]);
            var link = BinaryPrimitives.ReadUInt32LittleEndian(packed[21..]);
            packed = packed[FixedBytes..];
            ulong? number = null;
            if (flag is HasRecipient or HasTrace)
            {
                number = BinaryPrimitives.ReadUInt64LittleEndian(packed);
                packed = packed[sizeof(ulong)..];
            }

            var address = addressLength == 0 ? null : new IPAddress(packed[..addressLength]);
            var userAgent = Encoding.UTF8.GetString(packed.Slice(addressLength, userAgentLength));
            packed = packed[(addressLength + userAgentLength)..];
            events.Add(new TrackedEvent(kind, atMs, jobId, link, flag == HasRecipient ? number : null, userAgent, address, flag == HasTrace ? number : null));
        }

        return events;
    }

    /// <summary>CRC-32C over the number of the first event and the packed bytes.</summary>
    public static uint Checksum(long first, ReadOnlySpan<byte> packed)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (ulong)first);
        while (packed.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(packed));
            packed = packed[sizeof(ulong)..];
        }

        foreach (var last in packed)
        {
            crc = BitOperations.Crc32C(crc, last);
        }

        return ~crc;
    }
}
