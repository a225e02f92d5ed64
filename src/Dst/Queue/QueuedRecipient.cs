// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Journal;

namespace Tutti.Dst.Queue;

/// <summary>A recipient that waits, as a lane takes it into memory.</summary>
internal sealed class QueuedRecipient(Place place, string address, string displayName, long? token, byte[]? values)
{
    /// <summary>Where it stands.</summary>
    public Place Place { get; } = place;

    /// <summary>Envelope recipient.</summary>
    public string Address { get; } = address;

    /// <summary>For the To header; may be empty.</summary>
    public string DisplayName { get; } = displayName;

    /// <summary>Goes into tracking tokens; null for blind tracking.</summary>
    public long? Token { get; } = token;

    /// <summary>Packed by <see cref="SlotValues"/>.</summary>
    public byte[]? Values { get; } = values;

    /// <summary>When its delivery was due, Unix milliseconds.</summary>
    public long DueAt { get; set; }

    /// <summary>How often a connection broke under it since it was taken into memory.</summary>
    public int Breaks { get; set; }

    /// <summary>Whether it may share a message with others of its delivery.</summary>
    public bool GoesTogether { get; set; }

    /// <summary>Who else the message is for; set while it is under way.</summary>
    public IReadOnlyList<QueuedRecipient> Others { get; set; } = [];

    /// <summary>Where it stands once its message has been offered.</summary>
    /// <param name="at">The date of the message, Unix milliseconds; counts if it was never tried before.</param>
    public Place Offered(long at) => Place with { Standing = Standing.Offered, Attempts = Place.Attempts + 1, FirstAt = Place.FirstAt == 0 ? at : Place.FirstAt };
}
