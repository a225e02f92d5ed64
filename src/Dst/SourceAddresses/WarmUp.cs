// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.SourceAddresses;

/// <summary>How much an address may carry a day, growing from day to day, until it carries as much as there is.</summary>
/// <param name="Name">Its name in <c>sources.ini</c>.</param>
internal sealed record WarmUpPlan(string Name)
{
    /// <summary>Messages on the first day, the second, and so on; after the last one there is no limit.</summary>
    public IReadOnlyList<long> PerDay { get; init; } = [];

    /// <summary>The same for single operators, by the name of their lane.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> PerOperator { get; init; } = new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal);
}

/// <summary>The plan of one address.</summary>
/// <param name="Plan">How much on which day.</param>
/// <param name="From">Its first day, UTC. Before it the address carries nothing.</param>
internal sealed record WarmUp(WarmUpPlan Plan, DateOnly From)
{
    /// <summary>Which day of the plan this is, from 1; 0 or less before it begins.</summary>
    public int DayOf(DateOnly day) => day.DayNumber - From.DayNumber + 1;

    /// <summary>Messages that the address may carry on a day; null for no limit.</summary>
    public long? ShareOn(DateOnly day) => On(Plan.PerDay, day);

    /// <summary>The same towards one operator.</summary>
    public long? ShareOn(DateOnly day, string lane) => Plan.PerOperator.TryGetValue(lane, out var days) ? On(days, day) : null;

    /// <summary>Whether there is a limit of any kind on a day.</summary>
    public bool IsOver(DateOnly day) => DayOf(day) > Plan.PerOperator.Values.Append(Plan.PerDay).Max(days => days.Count);

    private long? On(IReadOnlyList<long> days, DateOnly day) => DayOf(day) switch
    {
        < 1 => 0,
        var number when number <= days.Count => days[number - 1],
        _ => null,
    };
}
