// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Frame.Words;
using Tutti.Lui.Attachments;
using Tutti.Lui.Components;
using Tutti.Lui.Delivery;
using Tutti.Lui.Delivery.Batches;
using Tutti.Lui.Delivery.Starting;
using Tutti.Lui.Tracking;
using Tutti.Lui.Tracking.Types;
using Tutti.Lui.Viewing;
using Tutti.Mail.Composing;
using Tutti.Wiring.Transport;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Rehearsals;

/// <summary>
/// Moves a rehearsal on: content and batches to the distributor that plays it, its report back, and the word to forget it. May be abandoned at
/// any point and begun again: a batch is counted here once it is confirmed there, and one that comes again is not played twice.
/// </summary>
internal sealed class Rehearse(
    RehearsalStore rehearsals, ComponentStore components, PlayedBatches batches, HandOverFiles files, RecipientTokens tokens, ViewLinks views, Peers peers, TimeProvider clock)
{
    /// <summary>One pass; goes as far as it can.</summary>
    public async Task Handle(Rehearsal rehearsal, CancellationToken cancellationToken)
    {
        try
        {
            await Move(rehearsal, cancellationToken);
        }
        catch (RpcException problem) when (!cancellationToken.IsCancellationRequested)
        {
            await Judge(rehearsal, problem, cancellationToken);
        }
    }

    private async Task Move(Rehearsal rehearsal, CancellationToken cancellationToken)
    {
        switch (rehearsal.State)
        {
            case RehearsalState.Running:
                await Play(rehearsal, cancellationToken);
                break;
            case RehearsalState.Stopping:
                if (await PlayerOf(rehearsal, cancellationToken) is { } player)
                {
                    await rehearsals.SaveReport(rehearsal.Id, await Report(player, rehearsal, cancellationToken), cancellationToken);
                }

                await End(rehearsal, RehearsalState.Stopped, null, cancellationToken);
                break;
            case RehearsalState.Done or RehearsalState.Stopped or RehearsalState.Failed or RehearsalState.Dropped:
                await Forget(rehearsal, cancellationToken);
                break;
        }
    }

    private async Task Play(Rehearsal rehearsal, CancellationToken cancellationToken)
    {
        if (await Opened(rehearsal, cancellationToken) is not { } player)
        {
            return;
        }

        rehearsal = rehearsal with { ComponentId = player.Id };
        if (rehearsal.ClaimedTo < rehearsal.Planned)
        {
            if (await HandOver(rehearsal, player, cancellationToken) is not { } handedOver)
            {
                return;
            }

            rehearsal = handedOver;
        }

        if (!rehearsal.IsSealed)
        {
            using var patience = new Patience(clock, cancellationToken);
            await Client(player).SealAsync(Request(rehearsal), cancellationToken: patience.Token);
            await rehearsals.SaveSealed(rehearsal.Id, cancellationToken);
        }

        var report = await Report(player, rehearsal, cancellationToken);
        await rehearsals.SaveReport(rehearsal.Id, report, cancellationToken);
        if (report.IsDone)
        {
            await End(rehearsal with { Report = report }, RehearsalState.Done, null, cancellationToken);
        }
    }

    /// <summary>The distributor that plays it; the first one that takes it where none does yet. Null if none can now.</summary>
    private async Task<Component?> Opened(Rehearsal rehearsal, CancellationToken cancellationToken)
    {
        if (rehearsal.ComponentId is not null)
        {
            if (await PlayerOf(rehearsal, cancellationToken) is { } player)
            {
                return player;
            }

            await End(rehearsal, RehearsalState.Failed, RehearsalsWords.Lost, cancellationToken);
            return null;
        }

        var message = Wire.Delivery.Parser.ParseFrom((await rehearsals.Parts(rehearsal.Id, cancellationToken)).Message);
        var reason = RehearsalsWords.NoDistributor;
        foreach (var distributor in await components.List(Component.Distributors, cancellationToken))
        {
            try
            {
                await files.Handle(message.Content, distributor, cancellationToken);
                using var patience = new Patience(clock, cancellationToken);
                await Client(distributor).OpenAsync(new Wire.Rehearsal { Delivery = message, Manner = rehearsal.Manner }, cancellationToken: patience.Token);
                await rehearsals.SaveAddressee(rehearsal.Id, distributor.Id, cancellationToken);
                return distributor;
            }
            catch (RpcException problem) when (!cancellationToken.IsCancellationRequested && problem.StatusCode != StatusCode.InvalidArgument)
            {
                reason = SharedWords.Fill(RehearsalsWords.WaitsFor, distributor.Title, PeerWords.Of(problem));
            }
        }

        await rehearsals.SaveReason(rehearsal.Id, reason, cancellationToken);
        return null;
    }

    /// <summary>Hands over all batches that are left; null if it was stopped, or another node does it.</summary>
    private async Task<Rehearsal?> HandOver(Rehearsal rehearsal, Component player, CancellationToken cancellationToken)
    {
        var (message, plan) = await rehearsals.Parts(rehearsal.Id, cancellationToken);
        var source = DeliveryPlan.FromJson(plan);
        if (!CompiledMessage.TryCompile(source.Source, out var compiled, out _) || !WireMessage.ContentOf(compiled).Equals(Wire.Delivery.Parser.ParseFrom(message).Content))
        {
            await End(rehearsal, RehearsalState.Failed, DeliveryWords.OtherVersion, cancellationToken);
            return null;
        }

        // Profiles are made when the delivery starts; a played message is as long without.
        var bearers = new Bearers(await tokens.Permutation(cancellationToken), rehearsal.Id, source, new Dictionary<string, ulong>());
        var values = new MessageValues(compiled, source.Fields(), rehearsal.BegunAt, bearers, rehearsal.Id, await views.Writer(cancellationToken));
        while (rehearsal.ClaimedTo < rehearsal.Planned)
        {
            var batch = await batches.Next(rehearsal, values, cancellationToken);
            if (batch.Content.Recipients.Count > 0)
            {
                using var patience = new Patience(clock, cancellationToken);
                await Client(player).SubmitAsync(batch.Content, cancellationToken: patience.Token);
            }

            var number = rehearsal.Batches + (batch.Content.Recipients.Count > 0 ? 1 : 0);
            if (!await rehearsals.SaveBatch(rehearsal, number, batch.LastId, batch.Seen, cancellationToken))
            {
                return null;
            }

            rehearsal = rehearsal with { Batches = number, ClaimedTo = batch.LastId, Seen = batch.Seen };
        }

        return rehearsal;
    }

    private async Task End(Rehearsal rehearsal, RehearsalState state, string? reason, CancellationToken cancellationToken)
    {
        var odd = new Dictionary<long, byte[]>();
        var ended = state == RehearsalState.Failed ? null : await rehearsals.Find(rehearsal.Id, cancellationToken);
        if (ended?.Report is { } report && await PlayerOf(rehearsal, cancellationToken) is { } player)
        {
            foreach (var number in report.Oddities.SelectMany(oddity => oddity.Examples).Select(example => example.Number).Where(number => number > 0).Distinct())
            {
                using var patience = new Patience(clock, cancellationToken);
                var message = await Client(player).GetOddMessageAsync(new Wire.OddMessageRequest { JobId = (ulong)rehearsal.Id, Number = number }, cancellationToken: patience.Token);
                odd[number] = message.Message.ToByteArray();
            }
        }

        await rehearsals.End(rehearsal.Id, state, reason, odd, clock.GetUtcNow(), cancellationToken);
        await Forget(rehearsal with { State = state }, cancellationToken);
    }

    private async Task Forget(Rehearsal rehearsal, CancellationToken cancellationToken)
    {
        // One that nobody has taken yet may lie at any of them: an answer of theirs may have been lost.
        var player = await PlayerOf(rehearsal, cancellationToken);
        var all = rehearsal.ComponentId is null ? await components.List(Component.Distributors, cancellationToken) : player is null ? [] : [player];
        foreach (var distributor in all)
        {
            using var patience = new Patience(clock, cancellationToken);
            await Client(distributor).ForgetAsync(Request(rehearsal), cancellationToken: patience.Token);
        }

        await rehearsals.Forgotten(rehearsal.Id, cancellationToken);
    }

    private async Task Judge(Rehearsal rehearsal, RpcException problem, CancellationToken cancellationToken)
    {
        var player = await PlayerOf(rehearsal, cancellationToken);
        if (problem.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument && rehearsal.IsUnderWay)
        {
            // Its distributor has lost it, or will never take it: nothing of this passes by itself.
            var words = problem.StatusCode == StatusCode.NotFound ? RehearsalsWords.Lost : SharedWords.Fill(RehearsalsWords.WaitsFor, player?.Title ?? Component.Distributors, PeerWords.Of(problem));
            await rehearsals.End(
                rehearsal.Id, rehearsal.State == RehearsalState.Stopping ? RehearsalState.Stopped : RehearsalState.Failed, words, new Dictionary<long, byte[]>(), clock.GetUtcNow(), cancellationToken);
            return;
        }

        await rehearsals.SaveReason(rehearsal.Id, SharedWords.Fill(RehearsalsWords.WaitsFor, player?.Title ?? Component.Distributors, PeerWords.Of(problem)), cancellationToken);
    }

    private async Task<Wire.RehearsalReport> Report(Component player, Rehearsal rehearsal, CancellationToken cancellationToken)
    {
        using var patience = new Patience(clock, cancellationToken);
        return await Client(player).GetReportAsync(Request(rehearsal), cancellationToken: patience.Token);
    }

    private async Task<Component?> PlayerOf(Rehearsal rehearsal, CancellationToken cancellationToken) =>
        rehearsal.ComponentId is { } id ? await components.Find(id, cancellationToken) : null;

    private static Wire.RehearsalRequest Request(Rehearsal rehearsal) => new() { JobId = (ulong)rehearsal.Id };

    private Wire.Rehearsals.RehearsalsClient Client(Component distributor) => new(peers.Dial(distributor.Host, distributor.InternalPort));
}
