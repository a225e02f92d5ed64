// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Tutti.Frame.Words;

namespace Tutti.Hub.Components;

/// <summary>Something that needs an administrator.</summary>
/// <param name="Key">The same as long as it is the same thing, whatever figures its words have.</param>
/// <param name="Words">What it is.</param>
internal sealed partial record Condition(string Key, string Words)
{
    /// <summary>A condition that is known by its words alone, but for the figures in them.</summary>
    public static Condition Named(string kind, string words) => new($"{kind} {Figures().Replace(words, "#")}", words);

    /// <summary>All that needs attention at a server, as it was seen last.</summary>
    public static IEnumerable<Condition> Of(KnownServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (server.Problem is not null)
        {
            yield return new Condition($"server {server.Address}", server.Problem);
            yield break;
        }

        if (server.SeenAt is null)
        {
            yield return new Condition($"server {server.Address}", SharedWords.Fill(ComponentsWords.NotAskedYet, server.Address));
        }

        if (server.ClockOffset.Duration() > KnownServer.NotableOffset)
        {
            yield return new Condition(
                $"clock {server.Host}",
                SharedWords.Fill(server.ClockOffset > TimeSpan.Zero ? ComponentsWords.ClockAhead : ComponentsWords.ClockBehind, server.Host, SharedWords.Span(server.ClockOffset.Duration())));
        }

        foreach (var component in server.Components.Where(component => !component.IsWell))
        {
            if (component.Problems.Count == 0)
            {
                yield return new Condition($"component {server.Address} {component.Name}", component.State == "running"
                    ? SharedWords.Fill(ComponentsWords.IsNotReady, NameOf(component.Name), server.Host)
                    : SharedWords.Fill(ComponentsWords.IsInState, NameOf(component.Name), server.Host, component.State));
            }

            foreach (var problem in component.Problems)
            {
                yield return Named($"problem {server.Address}", SharedWords.Fill(ComponentsWords.HasProblem, NameOf(component.Name), server.Host, problem));
            }
        }
    }

    /// <summary>The full name of a component.</summary>
    public static string NameOf(string component) => component switch
    {
        "lui" => ComponentsWords.UserInterface,
        "hub" => ComponentsWords.Hub,
        "trk" => ComponentsWords.Tracker,
        "dst" => ComponentsWords.Distributor,
        _ => component,
    };

    [GeneratedRegex("[0-9][0-9.,:]*")]
    private static partial Regex Figures();
}
