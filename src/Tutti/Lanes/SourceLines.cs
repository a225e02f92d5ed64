// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tutti.Contracts.Dst.V1;

namespace Tutti.Commands.Lanes;

/// <summary>The source addresses of a distributor, for people and for scripts.</summary>
internal sealed class SourceLines(SourceList list)
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            Pools = list.Pools.Select(pool => new
            {
                pool.Name,
                Senders = pool.Senders.ToList(),
                Sources = pool.Sources.Select(source => new
                {
                    source.Name,
                    source.Address,
                    source.HeloName,
                    source.Plan,
                    source.PlanDay,
                    Shares = source.Shares.Select(share => new { share.Lane, share.Used, Most = share.HasMost ? share.Most : (ulong?)null }),
                }),
            }),
        },
        _json);

    /// <summary>A paragraph per pool, a line per address, and below it what it has used of its shares.</summary>
    public string ToText()
    {
        if (list.Pools.Count == 0)
        {
            return "No source addresses are set: the operating system chooses.";
        }

        var text = new StringBuilder();
        foreach (var pool in list.Pools)
        {
            text.AppendLine(pool.Name.Length == 0 ? "all mail" : $"{pool.Name}: mail of {string.Join(", ", pool.Senders.Select(sender => sender == "*" ? "all others" : sender))}");
            foreach (var source in pool.Sources)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {source.Address}  {source.HeloName}{Plan(source)}");
                foreach (var share in source.Shares.Where(share => share.HasMost))
                {
                    text.AppendLine(CultureInfo.InvariantCulture, $"     {share.Used:N0} of {share.Most:N0} today{(share.Lane.Length == 0 ? "" : $" to {share.Lane}")}");
                }
            }
        }

        return text.ToString().TrimEnd();
    }

    private static string Plan(Source source) => source switch
    {
        { Plan: "" } => "",
        { PlanDay: < 1 } => string.Create(CultureInfo.InvariantCulture, $"  warms up: {source.Plan}, begins in {1 - source.PlanDay} {(source.PlanDay == 0 ? "day" : "days")}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"  warms up: {source.Plan}, day {source.PlanDay}"),
    };
}
