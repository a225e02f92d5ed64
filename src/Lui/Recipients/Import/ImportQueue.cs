// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Tutti.Lui.Recipients.Import;

/// <summary>Imports that wait or run in this process.</summary>
internal sealed class ImportQueue
{
    private readonly Channel<RecipientSource> _waiting = Channel.CreateUnbounded<RecipientSource>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<long, Running> _running = new();

    /// <summary>Puts an import in line; one that stands there already stays where it is.</summary>
    public void Add(RecipientSource source)
    {
        var running = new Running(
            new ImportProgress(source.FileSize), new CancellationTokenSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (_running.TryAdd(source.Id, running))
        {
            _waiting.Writer.TryWrite(source);
        }
    }

    /// <summary>How far an import is; null if none of this number waits or runs here.</summary>
    public ImportProgress? ProgressOf(long sourceId) => _running.TryGetValue(sourceId, out var running) ? running.Progress : null;

    /// <summary>Ends when no import of this number waits or runs here any more.</summary>
    public Task WhenEnded(long sourceId) => _running.TryGetValue(sourceId, out var running) ? running.Ended.Task : Task.CompletedTask;

    /// <summary>Asks an import to stop; false if none of this number waits or runs here.</summary>
    public bool Stop(long sourceId)
    {
        if (!_running.TryGetValue(sourceId, out var running))
        {
            return false;
        }

        running.Stop.Cancel();
        return true;
    }

    internal IAsyncEnumerable<RecipientSource> TakeAll(CancellationToken cancellationToken) => _waiting.Reader.ReadAllAsync(cancellationToken);

    internal (ImportProgress Progress, CancellationToken Stop) Begin(long sourceId) => (_running[sourceId].Progress, _running[sourceId].Stop.Token);

    internal void End(long sourceId)
    {
        if (_running.TryRemove(sourceId, out var running))
        {
            running.Stop.Dispose();
            running.Ended.SetResult();
        }
    }

    private sealed record Running(ImportProgress Progress, CancellationTokenSource Stop, TaskCompletionSource Ended);
}
