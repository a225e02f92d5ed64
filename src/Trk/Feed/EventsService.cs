// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Tutti.Contracts.Feed.V1;
using Tutti.Contracts.Trk.V1;
using Tutti.Wiring.Outcomes;

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
            return Answer(await reader.Fetch(request, ending.Token));
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
            Answer(await confirm.Handle(request.FeedId, request.UpTo, context.CancellationToken));
            return new ConfirmReply();
        }
        catch (SqliteException e)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, $"The tracker cannot write to its disk: {e.Message}"));
        }
    }

    private static T Answer<T>(Outcome<T> outcome) => outcome.Is(out var value, out var refusal)
        ? value
        : throw new RpcException(new Status(StatusCode.FailedPrecondition, refusal.Message));
}
