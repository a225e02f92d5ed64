// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;

namespace Tutti.Hub.Components;

/// <summary>A server process of the installation, as the hub saw it last.</summary>
/// <param name="Host">Under which the hub dials it.</param>
/// <param name="Port">Its internal port.</param>
/// <param name="Version">What it runs; null until it has answered once.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="SeenAt">When it answered last; null if it never did.</param>
/// <param name="ClockOffset">Its clock minus ours, when it answered last.</param>
/// <param name="Problem">Why it did not answer the last time it was asked; null if it did.</param>
/// <param name="Components">What it runs, or ran when it answered last.</param>
/// <param name="ProblemCode">The code of the problem, such as tls.plain or server.silent.</param>
/// <param name="Corridor">How its ports between components were when it answered last.</param>
internal sealed record KnownServer(
    string Host,
    int Port,
    string? Version,
    DateTimeOffset? StartedAt,
    DateTimeOffset? SeenAt,
    TimeSpan ClockOffset,
    string? Problem,
    IReadOnlyList<KnownComponent> Components,
    string? ProblemCode = null,
    KnownCorridor? Corridor = null)
{
    /// <summary>A difference of clocks that people should know about.</summary>
    public static readonly TimeSpan NotableOffset = TimeSpan.FromSeconds(2);

    /// <summary>As people write it: HOST:PORT.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>What would be lost with it, in words, as of its last answer: "trk: events not fetched yet: 12".</summary>
    public IReadOnlyList<string> UnfinishedWork =>
    [
        .. Components.SelectMany(component => component.Figures
            .Where(figure => figure is { IsUnfinished: true, Value: > 0 })
            .Select(figure => string.Create(CultureInfo.InvariantCulture, $"{component.Name}: {char.ToLowerInvariant(figure.Name[0])}{figure.Name[1..]}: {figure.Value}"))),
    ];

    /// <summary>Says of components that run at two servers with the same data that they do.</summary>
    public static IReadOnlyList<KnownServer> MarkCopies(IReadOnlyList<KnownServer> servers)
    {
        var copies = servers
            .Where(server => server.Answers)
            .SelectMany(server => server.Components.Where(component => component is { State: "running", StoreId.Length: > 0, SharesStore: false }), (server, component) => (server.Address, component.StoreId))
            .ToLookup(one => one.StoreId, one => one.Address);
        return !copies.Any(same => same.Count() > 1) ? servers :
        [
            .. servers.Select(server => server with
            {
                Components =
                [
                    .. server.Components.Select(component => copies[component.StoreId].Where(address => address != server.Address).ToList() is { Count: > 0 } others && component.State == "running"
                        ? component with { Problems = [.. component.Problems, SharedWords.Fill(ComponentsWords.SecondLiveCopy, string.Join(", ", others))] }
                        : component),
                ],
            }),
        ];
    }

    /// <summary>Whether it answered the last time it was asked.</summary>
    public bool Answers => SeenAt is not null && Problem is null;

    /// <summary>Whether nothing about it needs anybody's attention.</summary>
    public bool IsWell => Answers && ClockOffset.Duration() <= NotableOffset && Components.All(component => component.IsWell);
}

/// <summary>A component of the installation, as its server described it last.</summary>
/// <param name="Name">lui, hub, trk or dst.</param>
/// <param name="TrackerPort">TRK only; 0 for others.</param>
/// <param name="PublicUrl">Without a slash at the end; may be empty.</param>
/// <param name="State">running, stopped, starting, stopping or failed.</param>
/// <param name="Ready">Whether it can do its work.</param>
/// <param name="Problems">What is wrong, in words.</param>
/// <param name="Figures">Figures worth seeing at a glance.</param>
/// <param name="StoreId">TRK and DST: what tells its data from others'; the same elsewhere means that it has moved, or that they share it.</param>
/// <param name="SharesStore">Whether several may work on that data at the same time.</param>
internal sealed record KnownComponent(
    string Name,
    int TrackerPort,
    string PublicUrl,
    string State,
    bool Ready,
    IReadOnlyList<string> Problems,
    IReadOnlyList<KnownFigure> Figures,
    string StoreId = "",
    bool SharesStore = false)
{
    /// <summary>Whether it needs nobody's attention.</summary>
    public bool IsWell => Ready && State == "running" && Problems.Count == 0;
}

/// <summary>A figure worth seeing at a glance.</summary>
internal sealed record KnownFigure(string Name, long Value, bool IsUnfinished = false);
