// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.Data.Sqlite;
using Tutti.Contracts.Feed.V1;
using Tutti.Contracts.Trk.V1;
using Tutti.Mail.Links;
using Tutti.Testing;
using Tutti.Testing.Server;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using TrackingType = Tutti.Contracts.Links.V1.TrackingType;

namespace Tutti.Trk.Tests;

/// <summary>The real tracker behind its real ports, its folder, and those who talk to it.</summary>
internal sealed class RunningTracker : IAsyncDisposable
{
    public const string UserAgent = "Example/1.0";

    private static readonly ComponentType[] _tracker = [ComponentType.Of<Tracker>()];

    private readonly TemporaryFolder _folder = new();
    private TestServer _server = null!;
    private GrpcChannel _channel = null!;

    private RunningTracker(IReadOnlyList<string> settings) => Settings = settings;

    public static LinkKey Key { get; } = new(7, [.. Enumerable.Range(0, LinkKey.SecretLength).Select(i => (byte)i)]);

    public IReadOnlyList<string> Settings { get; }

    public TestServer Server => _server;

    public HttpClient Reader { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public Events.EventsClient Events => new(_channel);

    public Contracts.Trk.V1.Publications.PublicationsClient Publications => new(_channel);

    public string DatabaseFile => Path.Combine(new HomeFolder(_folder.Path).Component("trk").Data, "trk.sqlite");

    public static async Task<RunningTracker> Start(params string[] settings)
    {
        var tracker = new RunningTracker(settings);
        tracker.Reader.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", UserAgent);
        await tracker.Open();
        return tracker;
    }

    public static Publication PublicationOf(ulong jobId, uint number = 1, TrackingType tracking = TrackingType.Personal, params string[] targets)
    {
        var publication = new Publication
        {
            JobId = jobId,
            Number = number,
            Key = new Contracts.Links.V1.LinkKey { Id = (uint)Key.Id, Secret = ByteString.CopyFrom(Key.Secret) },
            TrackingType = tracking,
            SenderName = "The Example <Society>",
        };
        publication.Links.AddRange(targets.Select((target, i) => new Link { Number = (uint)i + 1, Target = target }));
        return publication;
    }

    public static string PathOf(LinkKind kind, ulong jobId, uint link = 0, ulong? recipient = null) =>
        LinkPaths.Of(kind) + LinkToken.Create(Key, kind, jobId, link, recipient);

    public async Task Restart(Action? betweenLives = null)
    {
        _channel.Dispose();
        await _server.DisposeAsync();
        betweenLives?.Invoke();
        await Open();
    }

    public async Task Publish(ulong jobId, TrackingType tracking = TrackingType.Personal, params string[] targets) =>
        await Publications.PublishAsync(PublicationOf(jobId, 1, tracking, targets), cancellationToken: TestContext.Current.CancellationToken);

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, HttpContent? body = null, string? forwardedFor = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_server.TrackerWeb, path)) { Content = body };
        if (forwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        }

        return await Reader.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<HttpStatusCode> Get(string path)
    {
        using var response = await Send(HttpMethod.Get, path);
        return response.StatusCode;
    }

    /// <summary>All events from the start of the feed.</summary>
    public async Task<IReadOnlyList<Event>> AllEvents()
    {
        var events = new List<Event>();
        while (true)
        {
            var feedId = events.Count == 0 ? "" : (await Events.FetchAsync(new FetchRequest(), cancellationToken: TestContext.Current.CancellationToken)).FeedId;
            var batch = await Events.FetchAsync(
                new FetchRequest { FeedId = feedId, After = (ulong)events.Count }, cancellationToken: TestContext.Current.CancellationToken);
            if (batch.Events.Count == 0)
            {
                return events;
            }

            events.AddRange(batch.Events);
        }
    }

    public async Task<ComponentReport> Report()
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_server.InternalPort}");
        var status = await new Contracts.Server.V1.Server.ServerClient(channel).GetStatusAsync(
            new Contracts.Server.V1.StatusRequest(), cancellationToken: TestContext.Current.CancellationToken);
        var trk = Assert.Single(status.Components);
        return new ComponentReport(trk.Ready, trk.Problems, [.. trk.Figures.Select(figure => new Figure(figure.Name, figure.Value))], trk.PublicUrl);
    }

    /// <summary>Runs SQL on the tracker's file from outside, as a stranger would.</summary>
    public void Sql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public async ValueTask DisposeAsync()
    {
        Reader.Dispose();
        _channel.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private async Task Open()
    {
        _server = await TestServer.Start(_tracker, [.. Settings.Select(line => ("trk", line))], home: new HomeFolder(_folder.Path));
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_server.TrackerPort}");
    }
}
