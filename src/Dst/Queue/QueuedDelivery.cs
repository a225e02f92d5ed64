// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Queue;

/// <summary>What all messages of a delivery have in common.</summary>
/// <param name="Job">A mail job's number, or that of one of its test deliveries.</param>
/// <param name="DueAt">Unix milliseconds; the time in which deferrals are retried counts from here.</param>
/// <param name="EnvelopeSender">MAIL FROM.</param>
/// <param name="SigningDomain">Whose DKIM key signs.</param>
/// <param name="TrackingType">Its number in the contract.</param>
/// <param name="TrackingUrl">Public address of the tracker, no slash at the end.</param>
/// <param name="KeyId">Which link key.</param>
/// <param name="KeySecret">The key; empty if nothing is tracked.</param>
/// <param name="Content">The message as segments and slots, as it came.</param>
internal sealed record QueuedDelivery(
    long Job, long DueAt, string EnvelopeSender, string SigningDomain, int TrackingType, string TrackingUrl, int KeyId, byte[] KeySecret, byte[] Content)
{
    /// <summary>Whether its messages leave through LISTSERV.</summary>
    public bool ByListserv { get; init; }

    /// <summary>Whether its messages go into the capture mailbox, whatever the mode is.</summary>
    public bool Capture { get; init; }

    /// <summary>Whether bounces go to its envelope sender as it is.</summary>
    public bool OwnReturn { get; init; }

    /// <summary>Digests of the files that its messages carry.</summary>
    public IReadOnlyList<byte[]> Files { get; init; } = [];

    /// <summary>Whether all its recipients get the same message, many in one job for LISTSERV.</summary>
    public bool Together { get; init; }
}
