// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Tutti.Contracts.Feed.V1;
using Tutti.Contracts.Trk.V1;

namespace Tutti.Trk.Feed;

/// <summary>Hands events to the user interface.</summary>
internal sealed class EventsService(FeedReader reader, ConfirmEvents confirm, IHostApplicationLifetime lifetime) : Events.EventsBase
{
    /// <inheritdoc/>
    public override async Task<EventBatch> Fetch(FetchRequest request, ServerCallContext context)
    {
        // A call that is held must not hold the stop of the component.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            return await reader.Fetch(request, ending.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The tracker is stopping."));
        }
    }

    /// <inheritdoc/>
    public override async Task<ConfirmReply> Confirm(ConfirmRequest request, ServerCallContext context)
    {
        try
        {
            if (await confirm.Handle(request.FeedId, request.UpTo, context.CancellationToken) is { IsRefused: true } refused)
            {
                throw new RpcException(new Status(StatusCode.FailedPrecondition, refused.Refusal.Message));
            }

            return new ConfirmReply();
        }
        catch (SqliteException e)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, $"The tracker cannot write to its disk: {e.Message}"));
        }
    }
}
