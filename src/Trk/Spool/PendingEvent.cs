// SPDX-License-Identifier: Apache-2.0
using System.Threading.Tasks.Sources;

namespace Tutti.Trk.Spool;

/// <summary>What became of an event that was given to the spool.</summary>
internal enum SpoolResult
{
    /// <summary>It is on the disk.</summary>
    Stored,

    /// <summary>The disk refused it or did not answer in time. Whether it is counted as lost is the spool's business.</summary>
    NotStored,

    /// <summary>The component is stopping; ask again soon.</summary>
    Stopping,
}

/// <summary>An event on its way to the disk, and the request that waits for it. Used again and again, so that a click costs no garbage.</summary>
internal sealed class PendingEvent : IValueTaskSource<SpoolResult>
{
    private readonly Action<PendingEvent> _giveBack;
    private ManualResetValueTaskSourceCore<SpoolResult> _core = new() { RunContinuationsAsynchronously = true };
    private bool _isAbandoned;

    public PendingEvent(Action<PendingEvent> giveBack) => _giveBack = giveBack;

    public TrackedEvent Event { get; private set; }

    public ValueTask<SpoolResult> Begin(in TrackedEvent tracked)
    {
        Event = tracked;
        return new ValueTask<SpoolResult>(this, _core.Version);
    }

    /// <summary>Tells the waiting request, unless it was let go.</summary>
    public void Answer(SpoolResult result)
    {
        if (!_isAbandoned)
        {
            _core.SetResult(result);
        }
    }

    /// <summary>Lets the waiting request go while the disk still works on the event. The spool sees to it that this and <see cref="Answer"/> never meet.</summary>
    public void LetGo()
    {
        if (!_isAbandoned)
        {
            _isAbandoned = true;
            _core.SetResult(SpoolResult.NotStored);
        }
    }

    SpoolResult IValueTaskSource<SpoolResult>.GetResult(short token)
    {
        var result = _core.GetResult(token);
        if (!_isAbandoned)
        {
            _core.Reset();
            Event = default;
            _giveBack(this);
        }

        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<SpoolResult>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<SpoolResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
