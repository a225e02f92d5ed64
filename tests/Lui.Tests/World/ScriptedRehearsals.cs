// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.World;

/// <summary>A distributor's rehearsals: takes each batch once, and everybody is accepted as soon as all are there.</summary>
public sealed class ScriptedRehearsals : Contracts.Dst.V1.Rehearsals.RehearsalsBase
{
    private readonly HashSet<(ulong Job, uint Number)> _batches = [];
    private readonly HashSet<ulong> _sealed = [];

    public Mischief Calls { get; } = new();

    /// <summary>What is here now.</summary>
    public Dictionary<ulong, Rehearsal> Opened { get; } = [];

    /// <summary>Recipients, each as often as it was taken.</summary>
    public List<Recipient> Taken { get; } = [];

    /// <summary>Whether it ends by itself.</summary>
    public bool Ends { get; set; } = true;

    public List<Oddity> Oddities { get; } = [];

    public override Task<RehearsalReply> Open(Rehearsal request, ServerCallContext context) => Play(() => Opened.TryAdd(request.Delivery.JobId, request));

    public override Task<RehearsalReply> Submit(Batch request, ServerCallContext context) => Play(() =>
    {
        Know(request.JobId);
        if (_batches.Add((request.JobId, request.Number)))
        {
            Taken.AddRange(request.Recipients);
        }
    });

    public override Task<RehearsalReply> Seal(RehearsalRequest request, ServerCallContext context) => Play(() =>
    {
        Know(request.JobId);
        _sealed.Add(request.JobId);
    });

    public override Task<RehearsalReport> GetReport(RehearsalRequest request, ServerCallContext context) => Task.FromResult(Calls.Play(() =>
    {
        Know(request.JobId);
        var isDone = Ends && _sealed.Contains(request.JobId);
        var report = new RehearsalReport
        {
            IsDone = isDone,
            DurationMs = 90_000,
            Progress = isDone ? new Progress { Accepted = (ulong)Taken.Count } : new Progress { Waiting = (ulong)Taken.Count },
            Sizes = new MessageSizes { Measured = (ulong)Taken.Count, Smallest = 100, Median = 200, Largest = 300 },
        };
        report.Oddities.AddRange(Oddities);
        return report;
    }));

    public override Task<OddMessage> GetOddMessage(OddMessageRequest request, ServerCallContext context) =>
        Task.FromResult(Calls.Play(() => new OddMessage { Message = ByteString.CopyFromUtf8($"Subject: {request.Number}\r\n\r\n") }));

    public override Task<RehearsalReply> Forget(RehearsalRequest request, ServerCallContext context) => Play(() => Opened.Remove(request.JobId));

    private void Know(ulong job)
    {
        if (!Opened.ContainsKey(job))
        {
            throw new RpcException(new Status(StatusCode.NotFound, "not here"));
        }
    }

    private Task<RehearsalReply> Play(Action work) => Task.FromResult(Calls.Play(() =>
    {
        work();
        return new RehearsalReply();
    }));
}
