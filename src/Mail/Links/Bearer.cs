// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace Tutti.Mail.Links;

/// <summary>For whom the links of one message stand, as far as its tracking type lets them.</summary>
/// <param name="Token">The recipient's opaque token; the unsubscribe link always carries it, opens and clicks of personal tracking.</param>
/// <param name="Permits">Whether the recipient permits that opens and clicks carry it too; counts in permission-based tracking.</param>
/// <param name="Trace">What opens and clicks carry instead: the number of a profile, or one that was drawn for this message.</param>
public readonly record struct Bearer(ulong? Token, bool Permits = false, ulong? Trace = null)
{
    /// <summary>A number for one message of unique tracking. It follows from nothing, and whoever draws it keeps it nowhere.</summary>
    public static ulong Draw()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }

    /// <summary>What a token of a kind carries.</summary>
    internal (ulong? Recipient, ulong? Trace) In(LinkKind kind, TrackingType tracking) => kind == LinkKind.Unsubscribe
        ? (Token, null)
        : tracking switch
        {
            TrackingType.Personal => (Token, null),
            TrackingType.Permission => Permits ? (Token, null) : (null, Trace),
            TrackingType.Anonymous or TrackingType.Unique => (null, Trace),
            TrackingType.Blind or TrackingType.Off => (null, null),
        };
}
