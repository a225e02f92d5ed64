// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Tutti.Contracts.Trk.V1;
using Tutti.Mail.Links;
using Tutti.Trk.Spool;
using Tutti.Wiring.Outcomes;
using WireTracking = Tutti.Contracts.Links.V1.TrackingType;

namespace Tutti.Trk.Publications;

/// <summary>Takes publications over the wire.</summary>
internal sealed class PublicationsService(PublishLinks publish, CatchUp catchUp, SpoolState state) : Contracts.Trk.V1.Publications.PublicationsBase
{
    private const int MaxSenderName = 200;

    /// <inheritdoc/>
    public override async Task<PublishReply> Publish(Publication request, ServerCallContext context)
    {
        if (!Read(request).Is(out var publication, out var refusal)
            || !(await Handle(publication, context.CancellationToken)).Is(out _, out refusal))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, refusal.Message));
        }

        return new PublishReply { FeedId = state.FeedId };
    }

    /// <inheritdoc/>
    public override Task<UpToDateReply> UpToDate(UpToDateRequest request, ServerCallContext context)
    {
        if (request.FeedId == state.FeedId)
        {
            catchUp.End();
        }

        return Task.FromResult(new UpToDateReply());
    }

    private static Outcome<KeptPublication> Read(Publication wire)
    {
        if (wire.JobId is 0 or > long.MaxValue)
        {
            return PublicationRefusals.Incomplete("job_id", "from 1 to 2^63-1");
        }

        if (wire.Number == 0)
        {
            return PublicationRefusals.Incomplete("number", "at least 1");
        }

        if (wire.Key is null || wire.Key.Id is 0 or > ushort.MaxValue || wire.Key.Secret.Length != LinkKey.SecretLength)
        {
            return PublicationRefusals.Incomplete("key", $"an id from 1 to {ushort.MaxValue} and a secret of {LinkKey.SecretLength} bytes");
        }

        if (TrackingOf(wire.TrackingType) is not { } tracking)
        {
            return PublicationRefusals.Incomplete("tracking_type", "personal, permission, anonymous, unique, blind or off: this tracker knows no other");
        }

        return new KeptPublication(
            wire.JobId,
            wire.Number,
            (int)wire.Key.Id,
            wire.Key.Secret.ToByteArray(),
            tracking,
            wire.SenderName.Length <= MaxSenderName ? wire.SenderName : wire.SenderName[..MaxSenderName],
            [.. wire.Links.Select(link => new PublishedLink(link.Number, link.Target))]);
    }

    private static TrackingType? TrackingOf(WireTracking wire) => wire switch
    {
        WireTracking.Personal => TrackingType.Personal,
        WireTracking.Blind => TrackingType.Blind,
        WireTracking.Off => TrackingType.Off,
        WireTracking.Permission => TrackingType.Permission,
        WireTracking.Anonymous => TrackingType.Anonymous,
        WireTracking.Unique => TrackingType.Unique,
        _ => null,
    };

    private async Task<Outcome<PublishedJob>> Handle(KeptPublication publication, CancellationToken cancellationToken)
    {
        try
        {
            return await publish.Handle(publication, cancellationToken);
        }
        catch (SqliteException e)
        {
            // Not confirmed: the job waits until the disk takes it.
            throw new RpcException(new Status(StatusCode.Unavailable, $"The tracker cannot write to its disk: {e.Message}"));
        }
    }
}
