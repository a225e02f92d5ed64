// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Files;
using Tutti.Dst.Lanes;
using Tutti.Dst.Queue;
using Tutti.Dst.Rehearsals;
using Tutti.Dst.Returns;
using Tutti.Dst.Signing;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Suppression;
using Tutti.Testing;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Tests.Rehearsals;

/// <summary>A distributor with rehearsals, beside a real receiver that must never hear of them.</summary>
internal sealed class Rehearsing : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Store _store = Store.OnSqlite();
    private readonly Receiver _receiver = new();
    private readonly RouteSettings? _routes;
    private readonly QueueSettings? _queue;
    private ServiceProvider _parts = null!;
    private RehearsalsWorker _worker = null!;

    private Rehearsing(Func<int, RouteSettings>? routes, QueueSettings? queue) => (_routes, _queue) = (routes?.Invoke(_receiver.Port), queue);

    /// <summary>The distributor whose rehearsals these are.</summary>
    public TestDistributor Distributor { get; private set; } = null!;

    /// <summary>Where its mail would go.</summary>
    public Receiver Receiver => _receiver;

    public RehearsalsService Service { get; private set; } = null!;

    /// <summary>Files of rehearsals.</summary>
    public IReadOnlyList<string> Files => Directory.Exists(_folder.File("dst/data/rehearsals")) ? Directory.GetFiles(_folder.File("dst/data/rehearsals")) : [];

    public static async Task<Rehearsing> Start(string ini = "", string lanes = "", Func<int, RouteSettings>? routes = null, QueueSettings? queue = null)
    {
        var rehearsing = new Rehearsing(routes, queue ?? new QueueSettings());
        Directory.CreateDirectory(rehearsing._folder.File("dst/data"));
        await File.WriteAllTextAsync(rehearsing._folder.File("dst/rehearsal.ini"), ini);
        await File.WriteAllTextAsync(rehearsing._folder.File("dst/lanes.ini"), lanes);
        rehearsing.Distributor = await TestDistributor.Start(
            rehearsing._store.Database, TimeProvider.System, rehearsing._receiver.Port, queue: rehearsing._queue, folder: rehearsing._folder.File("dst"), routes: rehearsing._routes);
        await rehearsing.Begin();
        return rehearsing;
    }

    /// <summary>Ends what plays and begins again from the files, as a distributor that is started again. At once: messages that wait for a reply lose it.</summary>
    public async Task StartAgain(bool atOnce)
    {
        await _worker.StopAsync(new CancellationToken(atOnce));
        await _parts.DisposeAsync();
        await Begin();
    }

    public Task Open(ulong job, string manner, Action<Delivery>? change = null)
    {
        var delivery = Make.WireDelivery(job, TimeProvider.System.GetUtcNow());
        change?.Invoke(delivery);
        return Service.Open(new Rehearsal { Delivery = delivery, Manner = manner }, new TestCall());
    }

    public Task Submit(Batch batch) => Service.Submit(batch, new TestCall());

    public Task Seal(ulong job) => Service.Seal(new RehearsalRequest { JobId = job }, new TestCall());

    public Task Forget(ulong job) => Service.Forget(new RehearsalRequest { JobId = job }, new TestCall());

    public Task<RehearsalReport> Report(ulong job) => Service.GetReport(new RehearsalRequest { JobId = job }, new TestCall());

    public async Task<RehearsalReport> Until(ulong job, Func<RehearsalReport, bool> reached)
    {
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(60);
        while (true)
        {
            var report = await Report(job);
            if (reached(report))
            {
                return report;
            }

            Assert.True(TimeProvider.System.GetUtcNow() < deadline, $"It takes too long; the rehearsal stands at {report.Progress}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public Task<RehearsalReport> Finish(ulong job) => Until(job, report => report.IsDone);

    /// <summary>Nothing of a rehearsal may be seen where deliveries are.</summary>
    public async Task AssertNothingReal(ulong job)
    {
        Assert.Equal(0, _receiver.Count);
        Assert.Empty(_receiver.Named);
        Assert.Empty(await Distributor.Events());
        Assert.Equal(new Progress(), await Distributor.Progress(job));
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(new CancellationToken(true));
        await _parts.DisposeAsync();
        await Distributor.DisposeAsync();
        await _receiver.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    private async Task Begin()
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddSingleton(TimeProvider.System);
        services.AddSingleton(new ComponentFolder("dst", _folder.File("dst"))).AddSingleton(new ServerSettings()).AddSingleton(new SmtpSettings());
        services.AddSingleton(Distributor.Get<LaneSettings>()).AddSingleton(Distributor.Get<QueueSettings>()).AddSingleton(Distributor.Get<RouteSettings>());
        services.AddSingleton(Distributor.Get<DkimKeys>()).AddSingleton(Distributor.Get<SuppressionStore>()).AddSingleton(Distributor.Get<FileStore>()).AddSingleton(Distributor.Get<MailExchangers>()).AddSingleton(Distributor.Get<ReturnSettings>());
        _parts = services.BuildServiceProvider();
        _worker = new RehearsalsWorker(new RehearsalParts(_parts), _parts.GetRequiredService<ComponentFolder>(), NullLogger<RehearsalsWorker>.Instance);
        Service = new RehearsalsService(_worker, Distributor.Journal, TimeProvider.System);
        await _worker.StartAsync(CancellationToken.None);
    }
}
