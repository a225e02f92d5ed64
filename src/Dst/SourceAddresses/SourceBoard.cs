// SPDX-License-Identifier: Apache-2.0
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Dst.SourceAddresses;

/// <summary>The addresses that mail leaves from, and what they have carried today, for people.</summary>
internal sealed class SourceBoard(CurrentSources current, SourceDayStore store, TimeProvider clock)
{
    /// <summary>All pools.</summary>
    public async Task<Wire.SourceList> List(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var used = (await store.Of(today, cancellationToken)).ToDictionary(share => (share.Address, share.Lane), share => share.Messages);
        var pools = current.Now;
        var list = new Wire.SourceList();
        foreach (var name in pools.Names.Where(name => pools.In(name).Count > 0))
        {
            var pool = new Wire.Pool { Name = name.Length > 0 ? name : pools.NameOfOthers };
            pool.Senders.AddRange(pools.SendersOf(name).Order(StringComparer.Ordinal).Concat(name.Length == 0 ? ["*"] : []));
            pool.Sources.AddRange(pools.In(name).Select(source => Told(source, today, used)));
            list.Pools.Add(pool);
        }

        return list;
    }

    private static Wire.Source Told(Source source, DateOnly today, Dictionary<(string Address, string Lane), long> used)
    {
        var told = new Wire.Source { Name = source.Name, Address = source.Address.ToString(), HeloName = source.HeloName };
        if (source.WarmUp is not { } warmUp || warmUp.IsOver(today))
        {
            return told;
        }

        (told.Plan, told.PlanDay) = (warmUp.Plan.Name, warmUp.DayOf(today));
        told.Shares.Add(Share("", warmUp.ShareOn(today)));
        told.Shares.AddRange(warmUp.Plan.PerOperator.Keys.Order(StringComparer.Ordinal).Select(lane => Share(lane, warmUp.ShareOn(today, lane))));
        return told;

        Wire.Share Share(string lane, long? most)
        {
            var share = new Wire.Share { Lane = lane, Used = (ulong)used.GetValueOrDefault((told.Address, lane)) };
            if (most is { } limit)
            {
                share.Most = (ulong)limit;
            }

            return share;
        }
    }
}
