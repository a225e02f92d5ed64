// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Contracts.Feed.V1;
using Tutti.Contracts.Trk.V1;

namespace Tutti.Lui.Tests.World;

/// <summary>A tracker that keeps its promises to the letter of the contract, except for the tricks it is told to play.</summary>
public sealed class ScriptedTracker : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ulong> _former = [];
    private PeerHost? _host;

    public string FeedId { get; private set; } = "trk-" + Guid.CreateVersion7();

    public Mischief Publishing { get; } = new();

    public Mischief Fetching { get; } = new();

    public Mischief Confirming { get; } = new();

    public Dictionary<ulong, Publication> Published { get; } = [];

    public List<Event> Events { get; } = [];

    public ulong Confirmed { get; private set; }

    /// <summary>Whether it wants to hear that it knows all links.</summary>
    public bool CatchingUp { get; set; }

    /// <summary>What it knew when it was told that it knows all links.</summary>
    public IReadOnlyCollection<ulong> KnownWhenUpToDate { get; private set; } = [];

    /// <summary>When it was not there.</summary>
    public List<Outage> Outages { get; } = [];

    /// <summary>Numbers whose events its disk no longer has.</summary>
    public List<Hole> Holes { get; } = [];

    /// <summary>The start that it tells of.</summary>
    public string? Running { get; set; }

    /// <summary>What readers told it that they know of its starts, last.</summary>
    public IReadOnlyList<string> KnownStarts { get; private set; } = [];

    /// <summary>Milliseconds that its clock is ahead.</summary>
    public long Ahead { get; set; }

    public int Port => _host!.Port;

    public bool Away
    {
        set => Publishing.Away = Fetching.Away = Confirming.Away = value;
    }

    public static async Task<ScriptedTracker> Start()
    {
        var tracker = new ScriptedTracker();
        tracker._host = await PeerHost.Start(
            services => services.AddSingleton(tracker),
            application =>
            {
                application.MapGrpcService<PublicationsDouble>();
                application.MapGrpcService<EventsDouble>();
            });
        return tracker;
    }

    public void Add(EventKind kind, long job, ulong? token, uint link = 0, long? atMs = null)
    {
        lock (_lock)
        {
            var one = new Event
            {
                Number = (ulong)Events.Count + 1,
                AtMs = atMs ?? TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
                Kind = kind,
                JobId = (ulong)job,
                Link = link,
                UserAgent = "A reader\0",
            };
            if (token is { } present)
            {
                one.RecipientToken = present;
            }

            Events.Add(one);
        }
    }

    /// <summary>Loses everything: a new feed.</summary>
    public void Replace()
    {
        lock (_lock)
        {
            FeedId = "trk-" + Guid.CreateVersion7();
            Published.Clear();
            Events.Clear();
        }
    }

    /// <summary>Its store is an older copy, which its reader shows it: a new feed with what is behind a number.</summary>
    public void GoBackTo(ulong sharedTo)
    {
        lock (_lock)
        {
            _former[FeedId] = sharedTo;
            FeedId = "trk-" + Guid.CreateVersion7();
            Events.Clear();
        }
    }

    public async ValueTask DisposeAsync() => await _host!.DisposeAsync();

    private PublishReply Take(Publication publication)
    {
        lock (_lock)
        {
            Published.TryAdd(publication.JobId, publication);
            return new PublishReply { FeedId = FeedId };
        }
    }

    private EventBatch Fetch(FetchRequest request)
    {
        lock (_lock)
        {
            var batch = new EventBatch { FeedId = FeedId, Newest = (ulong)Events.Count, ClockMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + Ahead, CatchingUp = CatchingUp };
            batch.Outages.AddRange(Outages);
            KnownStarts = [.. request.Starts];
            if (request.FeedId == FeedId)
            {
                batch.Events.AddRange(Events.Skip((int)request.After).Take((int)Math.Min(request.MaxEvents, 300)).Where(one => !Holes.Any(hole => one.Number >= hole.First && one.Number <= hole.Last)));
                batch.Holes.AddRange(Holes.Where(hole => hole.First > request.After));
                batch.Starts.AddRange(Running is null ? [] : [Running]);
            }
            else if (_former.TryGetValue(request.FeedId, out var shared))
            {
                batch.SharedTo = shared;
            }

            return batch;
        }
    }

    private ConfirmReply Confirm(ConfirmRequest request)
    {
        lock (_lock)
        {
            Confirmed = request.FeedId == FeedId ? request.UpTo : Confirmed;
            return new ConfirmReply();
        }
    }

    private sealed class PublicationsDouble(ScriptedTracker tracker) : Publications.PublicationsBase
    {
        public override Task<PublishReply> Publish(Publication request, ServerCallContext context) =>
            Task.FromResult(tracker.Publishing.Play(() => tracker.Take(request)));

        public override Task<UpToDateReply> UpToDate(UpToDateRequest request, ServerCallContext context)
        {
            lock (tracker._lock)
            {
                if (request.FeedId == tracker.FeedId)
                {
                    tracker.CatchingUp = false;
                    tracker.KnownWhenUpToDate = [.. tracker.Published.Keys];
                }
            }

            return Task.FromResult(new UpToDateReply());
        }
    }

    private sealed class EventsDouble(ScriptedTracker tracker) : Contracts.Trk.V1.Events.EventsBase
    {
        public override Task<EventBatch> Fetch(FetchRequest request, ServerCallContext context) =>
            Task.FromResult(tracker.Fetching.Play(() => tracker.Fetch(request)));

        public override Task<ConfirmReply> Confirm(ConfirmRequest request, ServerCallContext context) =>
            Task.FromResult(tracker.Confirming.Play(() => tracker.Confirm(request)));
    }
}
