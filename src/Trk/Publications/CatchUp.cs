// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Trk.Publications;

/// <summary>
/// Whether the tracker is being brought up to date after it was away: jobs may have left meanwhile whose links it does
/// not know. LUI says when it has all; while LUI itself is away readers are better off with what is known here.
/// </summary>
internal sealed class CatchUp(TimeProvider clock)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);
    private long? _began;

    /// <summary>True from the start until LUI has said that nothing is missing, or did not come for a minute.</summary>
    public bool IsRunning => _began is { } began && clock.GetElapsedTime(began) < _patience;

    /// <summary>LUI has said since the start that nothing is missing here.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The tracker started with links from before.</summary>
    public void Begin() => _began = clock.GetTimestamp();

    /// <summary>LUI has brought everything.</summary>
    public void End()
    {
        _began = null;
        IsComplete = true;
    }
}
