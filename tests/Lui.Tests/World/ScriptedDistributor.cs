// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Contracts.Dst.V1;
using Tutti.Contracts.Feed.V1;

namespace Tutti.Lui.Tests.World;

/// <summary>A distributor that keeps its promises to the letter of the contract, except for the tricks it is told to play.</summary>
public sealed class ScriptedDistributor : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, Course> _courses = [];
    private readonly Dictionary<ulong, uint> _commands = [];
    private readonly Dictionary<(ulong Job, uint Number), Batch> _batches = [];
    private readonly Dictionary<(ulong Job, ulong Recipient), Fate> _fates = [];
    private PeerHost? _host;

    public string FeedId { get; set; } = "dst-" + Guid.CreateVersion7();

    public ScriptedRehearsals Rehearsals { get; } = new();

    public Mischief Opening { get; } = new();

    public Mischief Submitting { get; } = new();

    public Mischief TakingFiles { get; } = new();

    /// <summary>Files by their digests, and how often one came.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    public int FilesTaken { get; private set; }

    public Mischief Directing { get; } = new();

    public Mischief Fetching { get; } = new();

    public Mischief Confirming { get; } = new();

    public Dictionary<ulong, Contracts.Dst.V1.Delivery> Opened { get; } = [];

    /// <summary>Recipients in the order in which they were taken for the first time; a repeated batch adds nothing.</summary>
    public List<(ulong Job, Recipient Recipient)> Taken { get; } = [];

    /// <summary>Bytes of every batch as it came, also repeated ones.</summary>
    public List<Batch> Came { get; } = [];

    public List<Direction> Directions { get; } = [];

    public List<Event> Events { get; } = [];

    public ulong Confirmed { get; private set; }

    public List<SuppressionChange> Suppressed { get; } = [];

    public bool HasDkimKey { get; set; } = true;

    /// <summary>The LISTSERV that it works with; none until it is set up.</summary>
    public ScriptedListserv Listserv { get; } = new();

    /// <summary>What it finds out about every sender domain.</summary>
    public DomainReport Report { get; } = new();

    public string Mode { get; set; } = "capture";

    /// <summary>Whether it is new enough to simulate a delivery.</summary>
    public bool KnowsCapture { get; set; } = true;

    /// <summary>Decides the fate of a recipient as soon as it is taken; null: it waits until <see cref="Decide"/>.</summary>
    public Func<Recipient, Fate?> Judge { get; set; } = _ => Fate.Accepted;

    /// <summary>The class of a refused recipient.</summary>
    public Func<ulong, BounceClass> ClassOf { get; set; } = _ => BounceClass.Unspecified;

    public Progress Progress { get; set; } = new();

    public int Port => _host!.Port;

    public bool Away
    {
        set => Opening.Away = Submitting.Away = Directing.Away = Fetching.Away = Confirming.Away = value;
    }

    public static async Task<ScriptedDistributor> Start()
    {
        var distributor = new ScriptedDistributor();
        distributor._host = await PeerHost.Start(
            services => services.AddSingleton(distributor).AddSingleton(distributor.Listserv).AddSingleton(distributor.Rehearsals),
            application =>
            {
                application.MapGrpcService<DeliveriesDouble>();
                application.MapGrpcService<FilesDouble>();
                application.MapGrpcService<ScriptedListserv>();
                application.MapGrpcService<EventsDouble>();
                application.MapGrpcService<SuppressionDouble>();
                application.MapGrpcService<ScriptedRehearsals>();
            });
        return distributor;
    }

    /// <summary>Gives everybody who waits, or a part of them, a fate.</summary>
    public void Decide(Func<ulong, Recipient, Fate?> judge)
    {
        lock (_lock)
        {
            foreach (var (job, recipient) in Taken)
            {
                if (!_fates.ContainsKey((job, recipient.Id)) && judge(job, recipient) is { } fate)
                {
                    Write(job, recipient.Id, fate);
                }
            }
        }
    }

    /// <summary>Settles what was in doubt.</summary>
    public void Settle(ulong job, ulong recipient, Fate fate)
    {
        lock (_lock)
        {
            Write(job, recipient, fate);
        }
    }

    /// <summary>Something comes back.</summary>
    public void Return(long job, ulong recipient, CameBack what, BounceClass @class = BounceClass.Unspecified, string reply = "")
    {
        lock (_lock)
        {
            Events.Add(new Event
            {
                Number = (ulong)Events.Count + 1,
                AtMs = 1_790_000_000_000,
                JobId = (ulong)job,
                RecipientId = recipient,
                CameBack = what,
                BounceClass = @class,
                Reply = reply,
                Host = "mx.example",
            });
        }
    }

    /// <summary>Loses everything, as after a restore of an empty store: a new feed.</summary>
    public void Replace()
    {
        lock (_lock)
        {
            FeedId = "dst-" + Guid.CreateVersion7();
            Opened.Clear();
            _courses.Clear();
            _commands.Clear();
            Suppressed.Clear();
        }
    }

    public async ValueTask DisposeAsync() => await _host!.DisposeAsync();

    private OpenReply Take(Contracts.Dst.V1.Delivery delivery)
    {
        lock (_lock)
        {
            Opened.TryAdd(delivery.JobId, delivery);
            _courses.TryAdd(delivery.JobId, Course.Run);
            return new OpenReply { FeedId = FeedId, Captures = Opened[delivery.JobId].Capture && KnowsCapture };
        }
    }

    private SubmitReply Take(Batch batch)
    {
        lock (_lock)
        {
            if (!Opened.ContainsKey(batch.JobId))
            {
                throw new RpcException(new Status(StatusCode.FailedPrecondition, "never opened here"));
            }

            Came.Add(batch);
            if (!_batches.TryAdd((batch.JobId, batch.Number), batch))
            {
                return new SubmitReply();
            }

            foreach (var recipient in batch.Recipients)
            {
                if (batch.Repeats && _fates.GetValueOrDefault((batch.JobId, recipient.Id), Fate.InDoubt) != Fate.InDoubt)
                {
                    continue;
                }

                _fates.Remove((batch.JobId, recipient.Id));
                Taken.Add((batch.JobId, recipient));
                var fate = _courses[batch.JobId] == Course.Withdraw ? Fate.Withdrawn : _courses[batch.JobId] == Course.Run ? Judge(recipient) : null;
                if (fate is { } decided)
                {
                    Write(batch.JobId, recipient.Id, decided);
                }
            }

            return new SubmitReply();
        }
    }

    private DirectReply Take(Direction direction)
    {
        lock (_lock)
        {
            if (!Opened.ContainsKey(direction.JobId))
            {
                throw new RpcException(new Status(StatusCode.FailedPrecondition, "never opened here"));
            }

            Directions.Add(direction);
            if (direction.Number <= _commands.GetValueOrDefault(direction.JobId))
            {
                return new DirectReply();
            }

            _commands[direction.JobId] = direction.Number;
            _courses[direction.JobId] = direction.Course;
            foreach (var (job, recipient) in Taken.Where(taken => taken.Job == direction.JobId && !_fates.ContainsKey((taken.Job, taken.Recipient.Id))))
            {
                var fate = direction.Course == Course.Withdraw ? Fate.Withdrawn : direction.Course == Course.Run ? Judge(recipient) : null;
                if (fate is { } decided)
                {
                    Write(job, recipient.Id, decided);
                }
            }

            return new DirectReply();
        }
    }

    private EventBatch Fetch(FetchRequest request)
    {
        lock (_lock)
        {
            var batch = new EventBatch { FeedId = FeedId, Newest = (ulong)Events.Count, ClockMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() };
            if (request.FeedId == FeedId)
            {
                batch.Events.AddRange(Events.Skip((int)request.After).Take((int)Math.Min(request.MaxEvents, 700)));
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

    private SuppressionState Apply(SuppressionChanges changes)
    {
        lock (_lock)
        {
            Suppressed.AddRange(changes.Changes.Where(change => change.Number > (Suppressed.Count == 0 ? 0 : Suppressed[^1].Number)));
            return State();
        }
    }

    private SuppressionState State() => new() { FeedId = FeedId, UpTo = Suppressed.Count == 0 ? 0 : Suppressed[^1].Number };

    private void Write(ulong job, ulong recipient, Fate fate)
    {
        _fates[(job, recipient)] = fate;
        Events.Add(new Event
        {
            Number = (ulong)Events.Count + 1,
            AtMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
            JobId = job,
            RecipientId = recipient,
            Fate = fate,
            Reply = fate == Fate.Accepted ? "250 2.0.0 Ok" : "scripted",
            Host = "mx.example",
            Attempts = 1,
            BounceClass = fate == Fate.Refused ? ClassOf(recipient) : BounceClass.Unspecified,
        });
    }

    private FileList MissingOf(FileList asked)
    {
        lock (_lock)
        {
            return new FileList { Digests = { asked.Digests.Where(digest => !Files.ContainsKey(Convert.ToHexStringLower(digest.Span))) } };
        }
    }

    private TakeFileReply Take(string digest, byte[] content)
    {
        lock (_lock)
        {
            FilesTaken++;
            Files[digest] = content;
            return new TakeFileReply();
        }
    }

    private sealed class FilesDouble(ScriptedDistributor distributor) : Contracts.Dst.V1.Files.FilesBase
    {
        public override Task<FileList> GetMissing(FileList request, ServerCallContext context) =>
            Task.FromResult(distributor.TakingFiles.Play(() => distributor.MissingOf(request)));

        public override async Task<TakeFileReply> Take(IAsyncStreamReader<FileChunk> requestStream, ServerCallContext context)
        {
            var (digest, content) = ("", new MemoryStream());
            await foreach (var chunk in requestStream.ReadAllAsync(context.CancellationToken))
            {
                digest = digest.Length == 0 ? Convert.ToHexStringLower(chunk.Digest.Span) : digest;
                content.Write(chunk.Content.Span);
            }

            return distributor.TakingFiles.Play(() => distributor.Take(digest, content.ToArray()));
        }
    }

    private sealed class DeliveriesDouble(ScriptedDistributor distributor) : Deliveries.DeliveriesBase
    {
        public override Task<OpenReply> Open(Contracts.Dst.V1.Delivery request, ServerCallContext context) =>
            Task.FromResult(distributor.Opening.Play(() => distributor.Take(request)));

        public override Task<SubmitReply> Submit(Batch request, ServerCallContext context) =>
            Task.FromResult(distributor.Submitting.Play(() => distributor.Take(request)));

        public override Task<DirectReply> Direct(Direction request, ServerCallContext context) =>
            Task.FromResult(distributor.Directing.Play(() => distributor.Take(request)));

        public override Task<Progress> GetProgress(ProgressRequest request, ServerCallContext context) =>
            Task.FromResult(distributor.Opening.Play(() => distributor.Progress));

        public override Task<CheckSenderReply> CheckSender(CheckSenderRequest request, ServerCallContext context) =>
            Task.FromResult(distributor.Opening.Play(() => new CheckSenderReply { HasDkimKey = distributor.HasDkimKey, Mode = distributor.Mode }));

        public override Task<DomainReport> CheckDomain(CheckSenderRequest request, ServerCallContext context) =>
            Task.FromResult(distributor.Opening.Play(() => distributor.Report));
    }

    private sealed class EventsDouble(ScriptedDistributor distributor) : Contracts.Dst.V1.Events.EventsBase
    {
        public override Task<EventBatch> Fetch(FetchRequest request, ServerCallContext context) =>
            Task.FromResult(distributor.Fetching.Play(() => distributor.Fetch(request)));

        public override Task<ConfirmReply> Confirm(ConfirmRequest request, ServerCallContext context) =>
            Task.FromResult(distributor.Confirming.Play(() => distributor.Confirm(request)));
    }

    private sealed class SuppressionDouble(ScriptedDistributor distributor) : Contracts.Dst.V1.Suppression.SuppressionBase
    {
        public override Task<SuppressionState> Apply(SuppressionChanges request, ServerCallContext context) =>
            Task.FromResult(distributor.Opening.Play(() => distributor.Apply(request)));

        public override Task<SuppressionState> GetState(SuppressionStateRequest request, ServerCallContext context) =>
            Task.FromResult(distributor.Opening.Play(distributor.State));
    }
}
