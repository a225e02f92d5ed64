// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using Tutti.Dst.Smtp;

namespace Tutti.Dst.Lanes.Live;

/// <summary>What the lanes count for monitoring.</summary>
internal sealed class LaneFigures : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _answers;
    private readonly UpDownCounter<long> _connections;

    /// <param name="meter">Under which name they are measured.</param>
    public LaneFigures(string meter = "Tutti.Dst")
    {
        _meter = new Meter(meter);
        _answers = _meter.CreateCounter<long>("tutti.dst.answers", description: "Messages by what became of the attempt");
        _connections = _meter.CreateUpDownCounter<long>("tutti.dst.connections", description: "Open connections to receivers");
    }

    /// <summary>An attempt ended.</summary>
    public void Answered(Result result) => _answers.Add(1, new KeyValuePair<string, object?>("result", Word(result)));

    /// <summary>A connection was opened (1) or closed (-1).</summary>
    public void Connected(int change) => _connections.Add(change);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static string Word(Result result) => result switch
    {
        Result.Ready => "ready",
        Result.Accepted => "accepted",
        Result.Deferred => "deferred",
        Result.Refused => "refused",
        Result.Broken => "broken",
        Result.InDoubt => "in-doubt",
    };
}
