// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Frame.Words;
using Tutti.Lui.Approval;
using Tutti.Lui.Components;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tracking;

namespace Tutti.Lui.Delivery.Batches;

/// <summary>
/// Moves an open delivery on: links to the trackers, content and commands to the distributors, batches that are not
/// confirmed, new batches. It may be abandoned at any point and begun again; what is fixed in the database goes on.
/// </summary>
internal sealed class HandOver(
    DeliveryStore deliveries,
    BatchStore batches,
    WaitStore waits,
    ClaimBatch claim,
    Distribute distribute,
    PublishLinks publish,
    MessageValuesSource values,
    ComponentStore components,
    WithdrawUnclaimed withdraw,
    GiveUp giveUp,
    SilentShares silent,
    TimeProvider clock)
{
    private const int InFlight = 4;

    /// <summary>One pass; goes as far as it can. True if everything that is to be handed over is confirmed.</summary>
    public async Task<bool> Handle(Delivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Course == Course.Withdraw)
        {
            await withdraw.Handle(delivery, cancellationToken);
        }

        var pending = await batches.Unconfirmed(delivery.Id, cancellationToken);
        var toClaim = delivery.Course == Course.Run && delivery.ClaimedTo < delivery.ReleasedTo;
        var pass = new Pass(delivery);
        await Direct(pass, cancellationToken);
        if (pending.Count == 0 && !toClaim)
        {
            await SaveReason(pass, cancellationToken);
            return await Finished(delivery, cancellationToken);
        }

        if (!(await deliveries.Parts(delivery.Id, cancellationToken)).AreWhole)
        {
            await giveUp.Handle(delivery, ApprovalRefusals.DeliveryChanged().Message, cancellationToken);
            return false;
        }

        // What is fixed already has left or may have: its links were on the trackers before. New batches wait for them.
        // Without tracking only unsubscribing needs a tracker, and one that is away gets the links when it is back.
        if (delivery.Course == Course.Run && delivery.Tracking != JobTracking.Off && await publish.ToAll(delivery, cancellationToken) is { } missing)
        {
            await waits.Save(delivery.Id, missing, cancellationToken);
            return false;
        }

        if (!(await values.Of(delivery, cancellationToken)).Is(out var computed, out var refusal))
        {
            await giveUp.Handle(delivery, refusal.Message, cancellationToken);
            return false;
        }

        using var room = new SemaphoreSlim(InFlight, InFlight);
        foreach (var batch in pending)
        {
            if (await Addressee(pass, batch.ComponentId, cancellationToken) is { } distributor)
            {
                var ready = await claim.Again(delivery, batch, computed, cancellationToken);
                await Start(pass, room, ready, distributor, cancellationToken);
            }
        }

        if (toClaim)
        {
            await ClaimAll(pass, room, computed, cancellationToken);
        }

        await Task.WhenAll(pass.Submissions);
        if (pass.Rejected is { } rejection)
        {
            await giveUp.Handle(delivery, rejection, cancellationToken);
        }

        await SaveReason(pass, cancellationToken);
        return await Finished(delivery, cancellationToken);
    }

    private async Task SaveReason(Pass pass, CancellationToken cancellationToken)
    {
        string?[] reasons = [await silent.Describe(pass.Delivery.Id, cancellationToken), pass.Reason];
        await waits.Save(pass.Delivery.Id, reasons.Any(reason => reason is not null) ? string.Join(' ', reasons.OfType<string>()) : null, cancellationToken);
    }

    private async Task ClaimAll(Pass pass, SemaphoreSlim room, MessageValues computed, CancellationToken cancellationToken)
    {
        var claimedTo = pass.Delivery.ClaimedTo;
        for (var turn = 0; claimedTo < pass.Delivery.ReleasedTo; turn++)
        {
            // A batch is fixed for one distributor: only one that has just answered gets new ones.
            if (await NextDistributor(pass, pass.Delivery.Id + turn, cancellationToken) is not { } distributor)
            {
                return;
            }

            await room.WaitAsync(cancellationToken);
            room.Release();
            if (await claim.Next(pass.Delivery, claimedTo, computed, distributor, cancellationToken) is not { } ready)
            {
                return;
            }

            claimedTo = ready.Batch.LastId;
            if (ready.Content.Recipients.Count > 0)
            {
                await Start(pass, room, ready, distributor, cancellationToken);
            }
        }
    }

    private async Task Start(Pass pass, SemaphoreSlim room, ReadyBatch ready, Component distributor, CancellationToken cancellationToken)
    {
        await room.WaitAsync(cancellationToken);
        pass.Submissions.RemoveAll(one => one.IsCompletedSuccessfully);
        pass.Submissions.Add(Submit());

        async Task Submit()
        {
            try
            {
                await distribute.Submit(ready.Batch, ready.Content, distributor, cancellationToken);
            }
            catch (RpcException problem) when (!cancellationToken.IsCancellationRequested)
            {
                pass.Away(distributor, problem);
            }
            finally
            {
                room.Release();
            }
        }
    }

    private async Task Direct(Pass pass, CancellationToken cancellationToken)
    {
        foreach (var (componentId, known) in await batches.Opened(pass.Delivery.Id, cancellationToken))
        {
            if (known < pass.Delivery.CourseNumber)
            {
                await Addressee(pass, componentId, cancellationToken);
            }
        }
    }

    private async Task<Component?> NextDistributor(Pass pass, long turn, CancellationToken cancellationToken)
    {
        var listed = await components.List(Component.Distributors, cancellationToken);
        if (listed.Count == 0)
        {
            pass.Missing(DeliveryWords.NoDistributor);
        }

        for (var step = 0; step < listed.Count; step++)
        {
            if (await Ready(pass, listed[(int)((turn + step) % listed.Count)], cancellationToken) is { } ready)
            {
                return ready;
            }
        }

        return null;
    }

    private async Task<Component?> Addressee(Pass pass, long componentId, CancellationToken cancellationToken) =>
        await components.Find(componentId, cancellationToken) is { } distributor ? await Ready(pass, distributor, cancellationToken) : null;

    private async Task<Component?> Ready(Pass pass, Component distributor, CancellationToken cancellationToken)
    {
        if (pass.IsAway(distributor))
        {
            return null;
        }

        if (pass.IsOpen(distributor))
        {
            return distributor;
        }

        try
        {
            await distribute.Open(pass.Delivery, distributor, cancellationToken);
            pass.Opened(distributor);
            return distributor;
        }
        catch (RpcException problem) when (!cancellationToken.IsCancellationRequested)
        {
            pass.Away(distributor, problem);
            return null;
        }
    }

    private async Task<bool> Finished(Delivery delivery, CancellationToken cancellationToken)
    {
        var now = await deliveries.Find(delivery.Id, cancellationToken);
        if (now is null || now.ClaimedTo < now.LastId || (await batches.Unconfirmed(delivery.Id, cancellationToken)).Count > 0)
        {
            return false;
        }

        await deliveries.SaveHandedOver(delivery.Id, clock.GetUtcNow(), cancellationToken);
        return true;
    }

    /// <summary>What one pass learns of the distributors on its way.</summary>
    private sealed class Pass(Delivery delivery)
    {
        private readonly Lock _lock = new();
        private readonly HashSet<long> _open = [];
        private readonly HashSet<long> _away = [];

        public Delivery Delivery => delivery;

        public List<Task> Submissions { get; } = [];

        public string? Reason { get; private set; }

        /// <summary>Why a distributor will never take this delivery, or null.</summary>
        public string? Rejected { get; private set; }

        public bool IsOpen(Component distributor)
        {
            lock (_lock)
            {
                return _open.Contains(distributor.Id);
            }
        }

        public bool IsAway(Component distributor)
        {
            lock (_lock)
            {
                return _away.Contains(distributor.Id);
            }
        }

        public void Opened(Component distributor)
        {
            lock (_lock)
            {
                _open.Add(distributor.Id);
            }
        }

        public void Away(Component distributor, RpcException problem)
        {
            lock (_lock)
            {
                _away.Add(distributor.Id);
                Reason = SharedWords.Fill(DeliveryWords.GoesOnWhenTaken, distributor.Title, PeerWords.Of(problem));
                if (problem.StatusCode == StatusCode.InvalidArgument)
                {
                    Rejected = SharedWords.Fill(DeliveryWords.MessageRejected, distributor.Title, problem.Status.Detail);
                }
            }
        }

        public void Missing(string reason)
        {
            lock (_lock)
            {
                Reason = reason;
            }
        }
    }
}
