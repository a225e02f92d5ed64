// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Journal;
using Tutti.Dst.Returns;
using Tutti.Dst.Returns.Rules;

namespace Tutti.Dst.Feed;

/// <summary>A recipient got its fate, or something came back for it afterwards.</summary>
internal sealed record FateEvent(long Number, long At, long Job, long Recipient, Standing Fate, int Attempts, string Reply, string Host)
{
    /// <summary>What came back; then there is no fate in this event.</summary>
    public CameBack CameBack { get; init; }

    /// <summary>The class of a bounce.</summary>
    public BounceClass Class { get; init; }
}
