// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using Tutti.Dst.Returns.Rules;

namespace Tutti.Dst.Returns;

/// <summary>What came back since the start, by what it says.</summary>
internal sealed class ReturnFigures : IDisposable
{
    private readonly Meter _meter = new("Tutti.Dst");
    private readonly Counter<long> _returns;
    private readonly long[] _bounces = new long[Enum.GetValues<BounceClass>().Length];
    private long _complaints;

    public ReturnFigures() => _returns = _meter.CreateCounter<long>("tutti.dst.returns", description: "Messages that came back, by what they say");

    /// <summary>Complaints, by report or by a bounce that says so.</summary>
    public long Complaints => Volatile.Read(ref _complaints);

    /// <summary>Bounces of a class.</summary>
    public long Of(BounceClass kind) => Volatile.Read(ref _bounces[(int)kind]);

    /// <summary>A message was read.</summary>
    /// <param name="finding">What it says; null if nothing that matters.</param>
    public void Count(ReturnFinding? finding)
    {
        var word = finding switch
        {
            null => "nothing",
            { What: CameBack.Bounced, Class: var kind } => kind.ToString().ToLowerInvariant(),
            { What: CameBack.Complained } => "complaint",
            { What: CameBack.Unsubscribed } => "unsubscribe",
            _ => "nothing",
        };
        if (finding is { What: CameBack.Bounced })
        {
            Interlocked.Increment(ref _bounces[(int)finding.Class]);
        }
        else if (finding is { What: CameBack.Complained })
        {
            Interlocked.Increment(ref _complaints);
        }

        _returns.Add(1, new KeyValuePair<string, object?>("class", word));
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
