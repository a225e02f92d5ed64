// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Queue;

namespace Tutti.Dst.Lanes;

/// <summary>
/// The deliveries that a lane's queue looks for recipients of, and when somebody is due again who was put off. One whose recipients were all on the wire
/// when the deliveries were read is not among them: it is kept in mind until it would be. Not for several callers at once.
/// </summary>
internal sealed class ServedDeliveries
{
    // Milliseconds; longer than the lanes' worker needs to look which deliveries there are.
    private const int AskAgain = 1000;

    // The deliveries that are told next may have been read before somebody was put off; those that are told after them were not.
    private const int ToldSince = 2;

    private readonly Dictionary<long, (long At, int Told)> _putOff = [];
    private int _told;

    /// <summary>As they were told last.</summary>
    public IReadOnlyList<PendingDelivery> All { get; private set; } = [];

    /// <summary>When the first one who was put off is due, Unix milliseconds; <see cref="long.MaxValue"/> if there is none.</summary>
    public long Soonest { get; private set; } = long.MaxValue;

    /// <summary>It was read anew which deliveries have recipients waiting.</summary>
    /// <returns>Whether there are some that were not among the last ones.</returns>
    public bool Tell(IReadOnlyList<PendingDelivery> deliveries)
    {
        var before = All;
        All = deliveries;
        _told++;
        if (deliveries.Select(delivery => delivery.Job).SequenceEqual(before.Select(delivery => delivery.Job)))
        {
            return false;
        }

        var known = before.Select(delivery => delivery.Job).ToHashSet();
        return deliveries.Any(delivery => !known.Contains(delivery.Job));
    }

    /// <summary>A recipient of a delivery was put off until then.</summary>
    public void PutOff(long job, long until)
    {
        _putOff[job] = (_putOff.TryGetValue(job, out var known) ? Math.Min(known.At, until) : until, _told);
        Soonest = Math.Min(Soonest, until);
    }

    /// <summary>Forgets whose time has come: they are looked for now, if their deliveries are among the known ones.</summary>
    public void Forget(long now)
    {
        if (Soonest > now)
        {
            return;
        }

        foreach (var (job, (_, told)) in _putOff.Where(putOff => putOff.Value.At <= now).ToList())
        {
            if (_told - told >= ToldSince || All.Any(delivery => delivery.Job == job))
            {
                _putOff.Remove(job);
            }
            else
            {
                _putOff[job] = (now + AskAgain, told);
            }
        }

        Soonest = _putOff.Count == 0 ? long.MaxValue : _putOff.Values.Min(putOff => putOff.At);
    }
}
