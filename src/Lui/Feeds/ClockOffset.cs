// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Feeds;

/// <summary>How far a peer's clock is from ours, measured at every fetch.</summary>
internal static class ClockOffset
{
    /// <summary>Peer's clock minus ours in milliseconds, with the answer taken as written half-way at the latest moment possible.</summary>
    /// <param name="peerClockMs">What the peer's clock said when it answered.</param>
    /// <param name="asked">Our clock when we asked.</param>
    /// <param name="answered">Our clock when the answer was here.</param>
    public static long Of(long peerClockMs, DateTimeOffset asked, DateTimeOffset answered)
    {
        var earliest = asked.ToUnixTimeMilliseconds();
        var latest = answered.ToUnixTimeMilliseconds();

        // A call may be held for seconds before it is answered: only what lies outside the call is an offset for certain.
        return peerClockMs < earliest ? peerClockMs - earliest : peerClockMs > latest ? peerClockMs - latest : 0;
    }
}
