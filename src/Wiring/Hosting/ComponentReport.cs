// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Wiring.Hosting;

/// <summary>Something in a component that knows how it is. Shown by /ready, <c>tutti status</c> and HUB's page.</summary>
public interface IStatusSource
{
    /// <summary>How it is now; must answer quickly and never throw for what it reports on.</summary>
    ValueTask<ComponentReport> Report(CancellationToken cancellationToken);
}

/// <summary>How a component, or a part of it, is.</summary>
/// <param name="Ready">False while it cannot do its work.</param>
/// <param name="Problems">What is wrong, in words; may be present while it is ready.</param>
/// <param name="Figures">Figures worth seeing at a glance.</param>
/// <param name="PublicUrl">The address that people or recipients use, without a slash at the end.</param>
/// <param name="StoreId">What tells its data from that of every other component of its kind; goes with it when it moves.</param>
/// <param name="SharesStore">Whether several of its kind may work on that data at the same time.</param>
public sealed record ComponentReport(
    bool Ready, IReadOnlyList<string> Problems, IReadOnlyList<Figure> Figures, string? PublicUrl = null, string? StoreId = null, bool SharesStore = false);

/// <summary>A figure worth seeing at a glance.</summary>
/// <param name="Name">In words: "Events not fetched yet".</param>
/// <param name="Value">Its value now.</param>
/// <param name="IsUnfinished">Whether it counts work that would be lost with the component, such as events that nobody has fetched.</param>
public sealed record Figure(string Name, long Value, bool IsUnfinished = false);
