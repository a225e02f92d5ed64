// SPDX-License-Identifier: Apache-2.0
using Tutti.Contracts.Trk.Replacement.V1;
using Tutti.Hub.Audit;
using Tutti.Hub.Components;
using Tutti.Hub.Servers;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Moves;

/// <summary>What has moved, or has begun to.</summary>
/// <param name="From">The old server.</param>
/// <param name="To">The new one.</param>
/// <param name="Components">Components that run at the new one with the data of the old one.</param>
/// <param name="IsHot">Whether two trackers collect, one of which takes the place of the other.</param>
/// <param name="Forgotten">Whether the old server belongs to the installation no longer.</param>
/// <param name="Notes">What people should know.</param>
internal sealed record Moved(string From, string To, IReadOnlyList<string> Components, bool IsHot, bool Forgotten, IReadOnlyList<string> Notes);

/// <summary>
/// Tells the installation that components have another server now: with the data that they had, or, a tracker, beside the
/// old one until that is drained. Every step can be given again.
/// </summary>
internal sealed class MoveComponents(
    ServerStore servers, OwnProcesses own, AskServer ask, AddServer add, RemoveServer remove, TrackerMoveStore moves, CallTracker trackers, AuditStore audit, TimeProvider clock)
{
    private const string Tracker = "trk";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(300);

    public sealed record Command(string From, string To, Doer Who);

    public async Task<Outcome<Moved>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!(await remove.Find(command.From, cancellationToken)).Is(out var from, out var refusal))
        {
            return refusal;
        }

        if (command.From == command.To)
        {
            return await TakeBack(from, command.Who, cancellationToken);
        }

        if (!(await add.Handle(new(command.To, command.Who), cancellationToken)).Is(out var added, out refusal))
        {
            return refusal;
        }

        if (added.Processes.Any(process => process.Address == from.Address))
        {
            return MoveRefusals.Same(from.Address);
        }

        return await Carried(from, added, command.Who, cancellationToken) is { } carried
            ? carried
            : added.Processes.FirstOrDefault(process => Runs(process) is not null) is { } to && Runs(from) is { } old
                ? await Replace(from, old, to, Runs(to)!, added.Notes, command.Who, cancellationToken)
                : MoveRefusals.Nothing(from, command.To);
    }

    /// <summary>What stands at the new server with the data of the old one has moved already; HUB, LUI and everybody follow it by its data.</summary>
    private async Task<Moved?> Carried(KnownServer from, AddedServer added, Doer who, CancellationToken cancellationToken)
    {
        var there = added.Processes.SelectMany(process => process.Components).ToList();
        var isSilent = !await ask.Handle(from.Host, from.Port, cancellationToken);
        from = (await servers.All(cancellationToken)).FirstOrDefault(server => server.Address == from.Address) ?? from;
        bool HasMoved(KnownComponent component) => component.StoreId.Length > 0
            ? there.Any(other => other.StoreId == component.StoreId)
            : (isSilent || component.State != "running") && there.Any(other => other.Name == component.Name);
        var moved = from.Components.Where(HasMoved).Select(component => component.Name).ToList();
        if (moved.Count == 0)
        {
            return null;
        }

        var isEmpty = moved.Count == from.Components.Count && !IsOwn(from);
        if (isEmpty)
        {
            await servers.Remove(from.Host, from.Port, cancellationToken);
        }

        var to = added.Processes[0].Address;
        await audit.Add("server.moved", who.Account, who.From, $"{string.Join(", ", moved)} from {from.Address} to {to}", cancellationToken);
        return new Moved(from.Address, to, moved, IsHot: false, isEmpty, added.Notes);
    }

    private async Task<Outcome<Moved>> Replace(
        KnownServer from, KnownComponent old, KnownServer to, KnownComponent successor, IReadOnlyList<string> notes, Doer who, CancellationToken cancellationToken)
    {
        if (HostOf(old.PublicUrl) != HostOf(successor.PublicUrl))
        {
            return MoveRefusals.OtherAddress(from.Address, old.PublicUrl, to.Address, successor.PublicUrl);
        }

        if (await moves.Find(old.StoreId, cancellationToken) is { } known && (known.NewHost != to.Host || known.NewPort != to.Port))
        {
            return MoveRefusals.Another(from.Address, FormattableString.Invariant($"{known.NewHost}:{known.NewPort}"));
        }

        // No reader may be sent to one that does not know her link.
        if (!(await WaitUntilComplete(to, cancellationToken)).Is(out _, out var refusal)
            || !(await trackers.Leave(from, to.Address, cancellationToken)).Is(out _, out refusal))
        {
            return refusal;
        }

        await moves.Begin(new TrackerMove(old.StoreId, from.Host, from.Port, to.Host, to.Port), cancellationToken);
        await audit.Add("tracker.move-begun", who.Account, who.From, $"{from.Address} to {to.Address}", cancellationToken);
        return new Moved(from.Address, to.Address, [], IsHot: true, Forgotten: false, notes);
    }

    private async Task<Outcome<Moved>> TakeBack(KnownServer from, Doer who, CancellationToken cancellationToken)
    {
        if (Runs(from) is not { } tracker)
        {
            return MoveRefusals.Same(from.Address);
        }

        if (!(await trackers.Describe(from, cancellationToken)).Is(out var state, out var refusal))
        {
            return refusal;
        }

        if (state.Successor.Length == 0)
        {
            return MoveRefusals.Same(from.Address);
        }

        if (!(await trackers.Stay(from, cancellationToken)).Is(out _, out refusal))
        {
            return refusal;
        }

        await moves.Forget(tracker.StoreId, cancellationToken);
        await audit.Add("tracker.move-taken-back", who.Account, who.From, $"{from.Address} to {state.Successor}", cancellationToken);
        return new Moved(from.Address, from.Address, [], IsHot: false, Forgotten: false, []);
    }

    private async Task<Outcome<TrackerState>> WaitUntilComplete(KnownServer server, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            if (!(await trackers.Describe(server, cancellationToken)).Is(out var state, out var refusal))
            {
                return refusal;
            }

            if (state.Complete)
            {
                return state;
            }

            if (clock.GetElapsedTime(began) > _patience)
            {
                return MoveRefusals.Incomplete(server.Address);
            }

            await Task.Delay(_look, clock, cancellationToken);
        }
    }

    private bool IsOwn(KnownServer server) => own.Addresses.Any(one => one.Port == server.Port && string.Equals(one.Host, server.Host, StringComparison.OrdinalIgnoreCase));

    private static KnownComponent? Runs(KnownServer server) => server.Components.FirstOrDefault(component => component is { Name: Tracker, State: "running" });

    private static string HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.IdnHost.ToLowerInvariant() : "";
}
