// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Tutti.Dst.Deliveries;
using Tutti.Dst.Files;
using Tutti.Dst.Journal;
using Tutti.Dst.Queue;
using Tutti.Mail.Links;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Dst.Rehearsals;

/// <summary>Takes rehearsals from LUI. Each call is confirmed when it is on disk, and changes nothing when it comes again.</summary>
internal sealed class RehearsalsService(RehearsalsWorker rehearsals, JournalWorker journal, TimeProvider clock) : Wire.Rehearsals.RehearsalsBase
{
    private static readonly Wire.RehearsalReply _reply = new();

    /// <inheritdoc/>
    public override async Task<Wire.RehearsalReply> Open(Wire.Rehearsal request, ServerCallContext context)
    {
        if (!Manners.IsKnown(request.Manner) || request.Delivery is null)
        {
            throw Refused(StatusCode.InvalidArgument, $"A rehearsal has a delivery, and its manner is {Manners.Providers} or {Manners.Accept}.");
        }

        // Nobody knows this key: what the played messages link to leads nowhere, whatever becomes of them.
        var delivery = request.Delivery.Clone();
        delivery.Key = new Contracts.Links.V1.LinkKey { Id = ushort.MaxValue, Secret = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(LinkKey.SecretLength)) };

        // What plays the receivers plays no LISTSERV: a job through one is rehearsed as if it left by itself.
        delivery.Way = Wire.Way.Unspecified;
        if (!DeliveryReading.Read(delivery).Is(out var queued, out var refusal))
        {
            throw Refused(StatusCode.InvalidArgument, refusal.Message);
        }

        if ((await journal.Write(session => FileStore.Missing(session, queued.Files, clock.GetUtcNow().ToUnixTimeMilliseconds()))).Count > 0)
        {
            throw Refused(StatusCode.FailedPrecondition, DeliveryRefusals.FilesMissing(request.Delivery.JobId).Message);
        }

        RehearsalEngine? engine;
        try
        {
            engine = await rehearsals.Begin(queued.Job, request.Manner, context.CancellationToken);
        }
        catch (InvalidOperationException failure)
        {
            throw Refused(StatusCode.FailedPrecondition, failure.Message);
        }

        if (engine is null)
        {
            throw Refused(StatusCode.ResourceExhausted, $"{RehearsalsWorker.MostAtOnce} rehearsals are under way here. This one begins when one of them is done or was stopped.");
        }

        if (!engine.IsDone)
        {
            await engine.Open(queued);
        }

        return _reply;
    }

    /// <inheritdoc/>
    public override async Task<Wire.RehearsalReply> Submit(Wire.Batch request, ServerCallContext context)
    {
        if (request.Number == 0 || request.Recipients.Any(recipient => recipient.Id is 0 or > long.MaxValue))
        {
            throw Refused(StatusCode.InvalidArgument, $"Batch {request.Number} of rehearsal {request.JobId} cannot be taken: batches and recipients are numbered from 1.");
        }

        var reception = await Find(request.JobId).Submit(
            request.Number, routes => [.. request.Recipients.Select(recipient => DeliveryReading.Read(recipient, routes, byListserv: false))]);
        return reception == BatchReception.Unknown ? throw NotHere(request.JobId) : _reply;
    }

    /// <inheritdoc/>
    public override async Task<Wire.RehearsalReply> Seal(Wire.RehearsalRequest request, ServerCallContext context)
    {
        await Find(request.JobId).Seal();
        return _reply;
    }

    /// <inheritdoc/>
    public override Task<Wire.RehearsalReport> GetReport(Wire.RehearsalRequest request, ServerCallContext context) =>
        Find(request.JobId).Report(context.CancellationToken);

    /// <inheritdoc/>
    public override async Task<Wire.OddMessage> GetOddMessage(Wire.OddMessageRequest request, ServerCallContext context) =>
        await Find(request.JobId).OddMessage(request.Number, context.CancellationToken) is { } message
            ? new Wire.OddMessage { Message = ByteString.CopyFrom(message) }
            : throw Refused(StatusCode.NotFound, $"Rehearsal {request.JobId} has kept no message {request.Number}.");

    /// <inheritdoc/>
    public override async Task<Wire.RehearsalReply> Forget(Wire.RehearsalRequest request, ServerCallContext context)
    {
        await rehearsals.Forget((long)request.JobId, context.CancellationToken);
        return _reply;
    }

    private RehearsalEngine Find(ulong job) => rehearsals.Find((long)job) ?? throw NotHere(job);

    private static RpcException NotHere(ulong job) => Refused(StatusCode.NotFound, $"Rehearsal {job} is not here. Begin it again.");

    private static RpcException Refused(StatusCode code, string message) => new(new Status(code, message));
}
