// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Audit;
using Tutti.Hub.Components;
using Tutti.Hub.Servers;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Moves;

/// <summary>A tracker that is retired.</summary>
/// <param name="From">Its server.</param>
/// <param name="Successor">The server of the one that has taken its place.</param>
/// <param name="Forgotten">Whether its server belongs to the installation no longer.</param>
internal sealed record Retired(string From, string Successor, bool Forgotten);

/// <summary>
/// Ends the place of a tracker that another one has taken: only when nobody comes to it any more and everything that it
/// took has been fetched. Cut off anywhere it can be given again.
/// </summary>
internal sealed class RetireTracker(
    ServerStore servers, OwnProcesses own, AskServer ask, RemoveServer remove, TrackerMoveStore moves, CallTracker trackers, AuditStore audit, TimeProvider clock)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(200);

    public sealed record Command(string From, TimeSpan Quiet, Doer Who);

    public async Task<Outcome<Retired>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!(await remove.Find(command.From, cancellationToken)).Is(out var from, out var refusal))
        {
            return refusal;
        }

        if (from.Components.FirstOrDefault(component => component.Name == "trk") is not { } tracker || await moves.Find(tracker.StoreId, cancellationToken) is not { } move)
        {
            return MoveRefusals.Unmoved(from.Address);
        }

        // The other one has to be there before this one goes.
        var successor = FormattableString.Invariant($"{move.NewHost}:{move.NewPort}");
        if (!(await remove.Find(successor, cancellationToken)).Is(out var to, out refusal)
            || !(await trackers.Describe(to, cancellationToken)).Is(out var its, out refusal)
            || !(await trackers.Describe(from, cancellationToken)).Is(out var state, out refusal))
        {
            return refusal;
        }

        if (!its.Complete)
        {
            return MoveRefusals.Incomplete(to.Address);
        }

        if (!state.Retired)
        {
            var quiet = TimeSpan.FromMilliseconds(state.ClockMs - state.QuietSinceMs);
            if (quiet < command.Quiet)
            {
                return MoveRefusals.ReadersCome(from.Address, quiet, command.Quiet);
            }

            if (state.Newest > state.Confirmed)
            {
                return MoveRefusals.Unread(from.Address, state.Newest - state.Confirmed);
            }
        }

        if (!(await Drain(from, cancellationToken)).Is(out _, out refusal))
        {
            return refusal;
        }

        // From here on it is no component of the installation; nothing of it is left to fetch.
        await moves.Retire(tracker.StoreId, cancellationToken);
        var isEmpty = from.Components.Count == 1 && !own.Addresses.Any(one => one.Port == from.Port && string.Equals(one.Host, from.Host, StringComparison.OrdinalIgnoreCase));
        if (isEmpty)
        {
            await servers.Remove(from.Host, from.Port, cancellationToken);
        }
        else
        {
            await ask.Handle(from.Host, from.Port, cancellationToken);
        }

        await audit.Add("tracker.retired", command.Who.Account, command.Who.From, $"{from.Address}, replaced by {successor}", cancellationToken);
        return new Retired(from.Address, successor, isEmpty);
    }

    /// <summary>It takes no more; what came at the last moment is fetched.</summary>
    private async Task<Outcome<bool>> Drain(KnownServer from, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            if (!(await trackers.Retire(from, cancellationToken)).Is(out var state, out var refusal))
            {
                return refusal;
            }

            if (state.Newest == state.Confirmed)
            {
                return true;
            }

            if (clock.GetElapsedTime(began) > _patience)
            {
                return MoveRefusals.StillUnread(from.Address, state.Newest - state.Confirmed);
            }

            await Task.Delay(_look, clock, cancellationToken);
        }
    }
}
