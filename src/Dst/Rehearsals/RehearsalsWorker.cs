// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Rehearsals;

/// <summary>The rehearsals that are here. Those that were under way when the distributor stopped go on at its start.</summary>
internal sealed partial class RehearsalsWorker(RehearsalParts parts, ComponentFolder folder, ILogger<RehearsalsWorker> logger) : IHostedService, IDisposable
{
    /// <summary>How many are played at a time: each has an engine of its own.</summary>
    public const int MostAtOnce = 4;

    private static readonly TimeSpan _kept = TimeSpan.FromDays(30);
    private readonly ConcurrentDictionary<long, RehearsalEngine> _engines = new();
    private readonly SemaphoreSlim _gate = new(1, 1);

    private string Folder => Path.Combine(folder.Data, "rehearsals");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(Folder, "*.sqlite").ToList())
        {
            if (!long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var job))
            {
                continue;
            }

            if (parts.Clock.GetUtcNow() - File.GetLastWriteTimeUtc(file) > _kept)
            {
                // Whoever began it never came back for it.
                Remove(job);
                continue;
            }

            await GoOn(job, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_engines.Values.Select(engine => engine.Stop(cancellationToken)));

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>The rehearsal of this number, or null.</summary>
    public RehearsalEngine? Find(long job) => _engines.GetValueOrDefault(job);

    /// <summary>The rehearsal of this number, begun if it is not here; null while too many are under way.</summary>
    public async Task<RehearsalEngine?> Begin(long job, string manner, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (Find(job) is { } there)
            {
                return there;
            }

            if (_engines.Values.Count(engine => !engine.IsDone) >= MostAtOnce)
            {
                return null;
            }

            return _engines[job] = await RehearsalEngine.Start(parts, Folder, job, manner, CancellationToken.None);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends a rehearsal and removes everything about it.</summary>
    public async Task Forget(long job, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_engines.TryRemove(job, out var engine))
            {
                await engine.DisposeAsync();
            }

            Remove(job);
        }
        finally
        {
            _gate.Release();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A rehearsal that cannot go on must not keep the distributor from starting; who began it hears that it is not here.")]
    private async Task GoOn(long job, CancellationToken cancellationToken)
    {
        try
        {
            _engines[job] = await RehearsalEngine.Start(parts, Folder, job, manner: null, cancellationToken);
        }
        catch (Exception failure)
        {
            LogNotResumed(job, failure);
            Remove(job);
        }
    }

    private void Remove(long job)
    {
        var file = RehearsalFile.In(Folder, job);
        foreach (var part in new[] { "-wal", "-shm", "" })
        {
            File.Delete(file + part);
        }
    }

    [LoggerMessage(5812, LogLevel.Warning, "Rehearsal {Job} cannot go on and is dropped; it can be begun again", EventName = "dst.rehearsal.not-resumed")]
    private partial void LogNotResumed(long job, Exception failure);
}
