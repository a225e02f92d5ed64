// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Net;
using CsCheck;
using Tutti.Mail.Links;
using Tutti.Testing;
using Tutti.Trk.Spool;

namespace Tutti.Trk.Tests.Spool;

public sealed class PackedEventsTests
{
    private static readonly Gen<IPAddress?> _address = Gen.OneOf<IPAddress?>(
        Gen.Const(0).Select(_ => (IPAddress?)null),
        Gen.Byte.Array[4].Select(bytes => (IPAddress?)new IPAddress(bytes)),
        Gen.Byte.Array[16].Select(bytes => (IPAddress?)new IPAddress(bytes)));

    private static readonly Gen<string> _userAgent = Gen.OneOf(Gen.Const(""), Gen.Const("Größe 例 😀"), Gen.Char['!', '\ud7ff'].Array[0, TrackedEvent.MaxUserAgent].Select(letters => new string(letters)));

    internal static Gen<TrackedEvent> Any { get; } = Gen.Select(
        Gen.Int[1, 3].Select(kind => (LinkKind)kind), Gen.Long, Gen.ULong, Gen.UInt, Gen.ULong.Nullable(), _userAgent, _address,
        (kind, at, job, link, recipient, userAgent, address) => new TrackedEvent(kind, at, job, link, recipient, userAgent, address));

    [Fact]
    public void Events_come_back_as_they_went() => Any.List[0, 20].SampleRepeatably(events =>
        Assert.Equal(events, PackedEvents.Read(Pack(events).Span)));

    [Fact]
    public void A_packed_event_is_never_larger_than_said() => Any.SampleRepeatably(tracked =>
        Assert.InRange(Pack([tracked]).Length, 1, PackedEvents.MaxBytes));

    [Fact]
    public void A_flipped_bit_or_a_cut_is_noticed() => Gen.Select(Any.List[1, 5], Gen.Long[1, long.MaxValue], Gen.Int[0, int.MaxValue]).SampleRepeatably((events, first, where) =>
    {
        var packed = Pack(events).ToArray();
        var checksum = PackedEvents.Checksum(first, packed);
        var bit = where % (packed.Length * 8);

        packed[bit / 8] ^= (byte)(1 << (bit % 8));
        Assert.NotEqual(checksum, PackedEvents.Checksum(first, packed));
        packed[bit / 8] ^= (byte)(1 << (bit % 8));
        Assert.NotEqual(checksum, PackedEvents.Checksum(first, packed.AsSpan(..(bit / 8))));
        Assert.NotEqual(checksum, PackedEvents.Checksum(first + 1, packed));
        Assert.Equal(checksum, PackedEvents.Checksum(first, packed));
    });

    [Fact]
    public void What_another_version_packed_is_not_guessed_at()
    {
        var packed = Pack([new TrackedEvent(LinkKind.Open, 1, 2, 0, null, "", null)]).ToArray();
        packed[0] = 0x21;

        Assert.Throws<InvalidDataException>(() => PackedEvents.Read(packed));
    }

    internal static ReadOnlyMemory<byte> Pack(IEnumerable<TrackedEvent> events)
    {
        var packed = new ArrayBufferWriter<byte>();
        foreach (var tracked in events)
        {
            PackedEvents.Add(tracked, packed);
        }

        return packed.WrittenMemory;
    }
}
