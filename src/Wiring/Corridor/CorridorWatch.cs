// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Corridor;

/// <summary>
/// Notices changes of the corridor's files: the file system's events are a hint, the content is the truth, because a
/// folder that is swapped by a link raises no event.
/// </summary>
internal sealed class CorridorWatch : IAsyncDisposable
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _quiet = TimeSpan.FromMilliseconds(300);
    private readonly Action _look;
    private readonly TimeProvider _clock;
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    /// <param name="folders">Where events are listened for.</param>
    /// <param name="look">Compares the content and takes up what changed.</param>
    /// <param name="clock">The clock of the rounds without events.</param>
    public CorridorWatch(IEnumerable<string> folders, Action look, TimeProvider clock)
    {
        (_look, _clock) = (look, clock);
        foreach (var folder in folders.Distinct(StringComparer.Ordinal).Where(Directory.Exists))
        {
            try
            {
                _watchers.Add(Listen(folder));
            }
            catch (IOException)
            {
                // The system hands out only so many watchers; the rounds find every change without them.
            }
        }

        _running = Run(_end.Token);
    }

    /// <summary>The folders whose files matter.</summary>
    public static IEnumerable<string> FoldersOf(HomeFolder home, ServerSettings settings, string? keystore)
    {
        yield return Path.GetDirectoryName(home.SslIni)!;
        yield return Path.GetDirectoryName(home.Resolve(settings.TrustedRootsPath))!;
        yield return Path.Combine(home.Path, "conf", "crl");
        if (keystore is not null)
        {
            yield return Path.GetDirectoryName(keystore)!;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _watchers.ForEach(watcher => watcher.Dispose());
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private FileSystemWatcher Listen(string folder)
    {
        var watcher = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size };
        watcher.Changed += (_, _) => _hints.Writer.TryWrite(true);
        watcher.Created += (_, _) => _hints.Writer.TryWrite(true);
        watcher.Deleted += (_, _) => _hints.Writer.TryWrite(true);
        watcher.Renamed += (_, _) => _hints.Writer.TryWrite(true);
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    private async Task Run(CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                using (var round = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
                {
                    var hint = _hints.Reader.WaitToReadAsync(round.Token).AsTask();
                    var time = Task.Delay(_every, _clock, round.Token);
                    if (await Task.WhenAny(hint, time) == hint && await hint)
                    {
                        // Whoever writes one of the files is often about to write another.
                        await Task.Delay(_quiet, _clock, cancellationToken);
                        _hints.Reader.TryRead(out _);
                    }

                    await round.CancelAsync();
                }

                try
                {
                    _look();
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // A file vanished between two looks at it; the next round sees what became of it.
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end.
        }
    }
}
