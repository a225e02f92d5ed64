// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Links;
using Tutti.Testing;
using Tutti.Trk.Replacements;
using Tutti.Trk.Spool;

namespace Tutti.Trk.Tests.Spool;

/// <summary>A spool's file without a tracker around it, and copies of it as a crash would leave them.</summary>
internal sealed class SpoolFile : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly TrackerFile _file;

    public SpoolFile()
        : this(new TemporaryFolder())
    {
    }

    private SpoolFile(TemporaryFolder folder)
    {
        _folder = folder;
        Path = folder.File("trk.sqlite");
        _file = new TrackerFile(Path);
        Store = new SpoolStore(_file);
    }

    public string Path { get; }

    public SpoolStore Store { get; }

    public HistoryStore History => new(_file);

    public ReplacementStore Replacements => new(_file);

    public static TrackedEvent Open(ulong recipient) => new(LinkKind.Open, 1_000 + (long)recipient, 12, 0, recipient, RunningTracker.UserAgent, null);

    /// <summary>One commit of opens, of recipients whose tokens equal the event numbers.</summary>
    public long Append(long newest, int count) =>
        Store.Append([new PackedRow(count, PackedEventsTests.Pack(Opens(newest + 1, count)).ToArray())], newest);

    /// <summary>What is on the disk at this moment, as a machine that loses its power leaves it.</summary>
    /// <param name="damage">Does something to the write-ahead log.</param>
    public SpoolFile Crash(Func<byte[], byte[]>? damage = null)
    {
        var folder = new TemporaryFolder();
        File.Copy(Path, folder.File("trk.sqlite"));
        var log = File.ReadAllBytes(Path + "-wal");
        File.WriteAllBytes(folder.File("trk.sqlite-wal"), damage is null ? log : damage(log));
        return new SpoolFile(folder);
    }

    /// <summary>Occupies the one turn to write until it is disposed of: to everybody else the disk does not answer.</summary>
    public IDisposable HoldTheDisk()
    {
        var occupied = new ManualResetEventSlim();
        var release = new ManualResetEventSlim();
        var holding = Task.Factory.StartNew(
            () => _file.Write(_ =>
            {
                occupied.Set();
                release.Wait();
                return 0;
            }),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        occupied.Wait();
        return new Hold(release, holding);
    }

    public async Task<IReadOnlyList<(long Number, TrackedEvent Event)>> All()
    {
        var all = new List<(long, TrackedEvent)>();
        foreach (var batch in await Store.After(0, int.MaxValue, TestContext.Current.CancellationToken))
        {
            Assert.True(batch.IsWhole);
            all.AddRange(PackedEvents.Read(batch.Events).Select((tracked, i) => (batch.First + i, tracked)));
        }

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _folder.Dispose();
    }

    private static IEnumerable<TrackedEvent> Opens(long first, int count) => Enumerable.Range(0, count).Select(i => Open((ulong)(first + i)));

    private sealed class Hold(ManualResetEventSlim release, Task holding) : IDisposable
    {
        public void Dispose()
        {
            release.Set();
            holding.GetAwaiter().GetResult();
            release.Dispose();
        }
    }
}
