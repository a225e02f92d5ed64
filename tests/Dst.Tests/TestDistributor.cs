// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Contracts.Dst.V1;
using Tutti.Contracts.Feed.V1;
using Tutti.Dst.Capture;
using Tutti.Dst.Deliveries;
using Tutti.Dst.Feed;
using Tutti.Dst.Files;
using Tutti.Dst.Journal;
using Tutti.Dst.Lanes;
using Tutti.Dst.Lanes.Live;
using Tutti.Dst.Lanes.Pacing;
using Tutti.Dst.Lanes.Policies;
using Tutti.Dst.Listserv;
using Tutti.Dst.Queue;
using Tutti.Dst.Returns;
using Tutti.Dst.Returns.Rules;
using Tutti.Dst.SenderDomains;
using Tutti.Dst.Signing;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.SourceAddresses;
using Tutti.Dst.Suppression;
using Tutti.Dst.Tests.SenderDomains;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Tests;

/// <summary>A whole distributor over a store of the test's, that sends everything to one port of the test's.</summary>
internal sealed class TestDistributor : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly TimeProvider _clock;
    private bool _stopped;

    private TestDistributor(ServiceProvider services, TimeProvider clock) => (_services, _clock) = (services, clock);

    public JournalWorker Journal => _services.GetRequiredService<JournalWorker>();

    public static async Task<TestDistributor> Start(
        Database database, TimeProvider clock, int port, LaneSettings? lanes = null, QueueSettings? queue = null, string folder = "/nonexistent", RouteSettings? routes = null,
        ReturnSettings? returns = null, string[]? sources = null, Action<IServiceCollection>? instead = null, ListservSettings? listserv = null, string holder = "dst.example:1099", GroupSettings? group = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(database);
        services.AddSingleton(clock);
        services.AddSingleton(lanes ?? new LaneSettings { Connections = 4 });
        services.AddSingleton(group ?? new GroupSettings());
        services.AddSingleton(queue ?? new QueueSettings { RetryAfter = TimeSpan.FromSeconds(1) });
        services.AddSingleton(routes ?? new RouteSettings { Mode = DeliveryMode.Smarthost, Smarthost = $"127.0.0.1:{port}" });
        services.AddSingleton(provider => new SmtpDialer(new SmtpSettings(), "dst.example", TimeProvider.System));
        services.AddSingleton<DnsClient.IDnsQuery>(provider => MailExchangers.ClientFor(provider.GetRequiredService<RouteSettings>()));
        services.AddSingleton<MailExchangers>().AddSingleton<CaptureAddress>().AddSingleton<MailRoutes>();
        services.AddSingleton(provider => new DkimKeys(folder, provider.GetRequiredService<Microsoft.Extensions.Logging.ILogger<DkimKeys>>()));
        services.AddSingleton(_ => new CheckDomain(new Zone(""), domain => DkimKeyStore.List(folder, domain), new SendingAddresses([], "dst.example", "", "Nothing is known here.")));
        services.AddSingleton<DeliveryStore>().AddSingleton<FileStore>().AddSingleton<FilesService>().AddSingleton<RecipientStore>().AddSingleton<TallyStore>().AddSingleton<FeedStore>().AddSingleton<SuppressionStore>();
        services.AddSingleton(returns ?? new ReturnSettings()).AddSingleton<ReturnKeys>().AddSingleton(BounceRulesFile.Shipped);
        services.AddSingleton(listserv ?? new ListservSettings()).AddSingleton<ListservJobs>();
        services.AddSingleton<Courses>().AddSingleton<QueueSignal>().AddSingleton<LaneTroubles>().AddSingleton<LaneFigures>().AddSingleton<Paces>().AddSingleton<LaneBoard>().AddSingleton<LaneStateStore>().AddSingleton<LaneHolds>().AddSingleton<LaneDesk>().AddSingleton<LanesService>();
        services.AddSingleton(provider => new RateLimit(provider.GetRequiredService<LaneSettings>().Rate, clock));
        services.AddSingleton(provider => new CurrentPolicies(folder, provider.GetRequiredService<LaneSettings>(), NullLogger<CurrentPolicies>.Instance));
        services.AddSingleton(provider => new CurrentSources(folder, sources ?? [], NullLogger<CurrentSources>.Instance));
        services.AddSingleton<SourceDayStore>().AddSingleton<Shares>().AddSingleton<Departures>().AddSingleton<SourceBoard>();
        services.AddSingleton<Messages>().AddSingleton<LaneParts>().AddSingleton<FeedSignal>().AddSingleton<DistributorStatus>();
        services.AddSingleton<DeliveriesService>().AddSingleton<EventsService>().AddSingleton<SuppressionService>();
        services.AddSingleton<JournalWorker>().AddSingleton<HostNumbers>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<JournalWorker>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<Shares>());
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<StoreGroup>(provider, holder));
        services.AddHostedService(provider => provider.GetRequiredService<StoreGroup>()).AddHostedService<Relabel>().AddHostedService<SweepWorker>();
        services.AddHostedService<LanesWorker>();
        instead?.Invoke(services);

        var distributor = new TestDistributor(services.BuildServiceProvider(), clock);
        distributor._services.GetRequiredService<DkimKeys>().Refresh();
        foreach (var worker in distributor._services.GetServices<IHostedService>())
        {
            await worker.StartAsync(CancellationToken.None);
        }

        distributor.Journal.EventsWritten += _ => distributor._services.GetRequiredService<FeedSignal>().Raise();
        return distributor;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public Task<OpenReply> Open(ulong job) => Call<DeliveriesService, OpenReply>(service => service.Open(Make.WireDelivery(job, _clock.GetUtcNow()), new TestCall()));

    public Task<SubmitReply> Submit(Batch batch) => Call<DeliveriesService, SubmitReply>(service => service.Submit(batch, new TestCall()));

    public Task<DirectReply> Direct(ulong job, uint number, Contracts.Dst.V1.Course course) => Call<DeliveriesService, DirectReply>(
        service => service.Direct(new Direction { JobId = job, Number = number, Course = course }, new TestCall()));

    public Task<Progress> Progress(ulong job) =>
        Call<DeliveriesService, Progress>(service => service.GetProgress(new ProgressRequest { JobId = job }, new TestCall()));

    public Task<EventBatch> Fetch(ulong after, uint most = 100_000, string feed = "", uint waitMs = 0, CancellationToken cancellationToken = default) =>
        Call<EventsService, EventBatch>(service => service.Fetch(
            new FetchRequest { FeedId = feed, After = after, MaxEvents = most, WaitMs = waitMs }, new TestCall(cancellationToken)));

    public Task<ConfirmReply> Confirm(ulong upTo, string? feed = null) => Call<EventsService, ConfirmReply>(
        service => service.Confirm(new ConfirmRequest { FeedId = feed ?? Journal.FeedId, UpTo = upTo }, new TestCall()));

    public Task<SuppressionState> Suppress(params Contracts.Dst.V1.SuppressionChange[] changes) => Call<SuppressionService, SuppressionState>(
        service => service.Apply(new SuppressionChanges { Changes = { changes } }, new TestCall()));

    /// <summary>All events there are.</summary>
    public async Task<List<Event>> Events()
    {
        var all = new List<Event>();
        while ((await Fetch((ulong)all.Count)).Events is { Count: > 0 } more)
        {
            all.AddRange(more);
        }

        return all;
    }

    /// <summary>Waits until nobody waits and nothing is on the wire; the clock goes on meanwhile.</summary>
    public async Task<Progress> Finish(ulong job, Action? tick = null) =>
        await Until(job, progress => progress.Waiting + progress.Deferred + progress.OnTheWire == 0, tick);

    public async Task<Progress> Until(ulong job, Func<Progress, bool> reached, Action? tick = null)
    {
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(60);
        while (true)
        {
            var progress = await Progress(job);
            if (reached(progress))
            {
                return progress;
            }

            Assert.True(TimeProvider.System.GetUtcNow() < deadline, $"It takes too long; the delivery stands at {progress}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            tick?.Invoke();
        }
    }

    /// <summary>Stops gracefully, as long as the token allows.</summary>
    public async Task Stop(CancellationToken cancellationToken = default)
    {
        _stopped = true;
        foreach (var worker in _services.GetServices<IHostedService>().Reverse())
        {
            await worker.StopAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
            await Stop(patience.Token);
        }

        await _services.DisposeAsync();
    }

    private Task<TReply> Call<TService, TReply>(Func<TService, Task<TReply>> call)
        where TService : notnull => call(_services.GetRequiredService<TService>());
}

/// <summary>The surroundings of a call.</summary>
internal sealed class TestCall(CancellationToken cancellationToken = default) : ServerCallContext
{
    protected override string MethodCore => "test";

    protected override string HostCore => "test";

    protected override string PeerCore => "test";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => cancellationToken;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}
