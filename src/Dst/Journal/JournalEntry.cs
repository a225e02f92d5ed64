// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Journal;

/// <summary>Something that the journal writes, in one transaction with whatever else is pending.</summary>
internal abstract class JournalEntry
{
    /// <summary>
    /// True for what has already happened in the world: it is tried again until it is on disk. What is false is given up
    /// when it fails, and its author hears why.
    /// </summary>
    public virtual bool MustLast => false;

    /// <summary>Writes; may run again after a roll-back. Runs on the journal's thread.</summary>
    public abstract void Write(JournalSession session);

    /// <summary>It is committed.</summary>
    public virtual void Complete()
    {
    }

    /// <summary>It was given up.</summary>
    public virtual void Fail(Exception reason)
    {
    }
}

/// <summary>Work with a result that somebody waits for.</summary>
/// <typeparam name="T">The result.</typeparam>
internal sealed class JournalEntry<T>(Func<JournalSession, T> work) : JournalEntry
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    /// <summary>Ends after the commit.</summary>
    public Task<T> Done => _done.Task;

    /// <inheritdoc/>
    public override void Write(JournalSession session) => _result = work(session);

    /// <inheritdoc/>
    public override void Complete() => _done.TrySetResult(_result!);

    /// <inheritdoc/>
    public override void Fail(Exception reason) => _done.TrySetException(reason);
}

/// <summary>A move whose success somebody waits for.</summary>
internal sealed class MoveEntry(Action<JournalSession, Action<bool>> move) : JournalEntry
{
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _moved;

    /// <summary>Ends after the commit. False if the recipient did not stand where the mover believed it.</summary>
    public Task<bool> Done => _done.Task;

    /// <inheritdoc/>
    public override void Write(JournalSession session) => move(session, moved => _moved = moved);

    /// <inheritdoc/>
    public override void Complete() => _done.TrySetResult(_moved);

    /// <inheritdoc/>
    public override void Fail(Exception reason) => _done.TrySetException(reason);
}
