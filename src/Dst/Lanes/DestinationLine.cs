// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Lanes;

/// <summary>
/// The destinations of one lane and the line in which those stand that may have work. Each gets a few messages at a time, so that a domain
/// with many recipients holds up none with few. Not for several callers at once: the lane holds its gate.
/// </summary>
internal sealed class DestinationLine
{
    private const int LooksAhead = 64;
    private const int MostPassedOver = 16;
    private readonly Dictionary<string, Destination> _all = new(StringComparer.Ordinal);
    private readonly LinkedList<Destination> _line = new();
    private volatile bool _hasWaiting;

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<Destination> All => _all.Values;

    /// <summary>Whether somebody stands in line; may be asked without the gate.</summary>
    public bool HasWaiting => _hasWaiting;

    /// <summary>The destination of this name, or null.</summary>
    public Destination? Find(string name) => _all.GetValueOrDefault(name);

    /// <summary>A new one, at the end of the line.</summary>
    public void Add(Destination destination)
    {
        _all.Add(destination.Name, destination);
        Queue(destination);
    }

    /// <summary>To the end of the line, unless it stands there.</summary>
    public void Queue(Destination destination)
    {
        if (!destination.IsInLine)
        {
            destination.IsInLine = true;
            _line.AddLast(destination);
            _hasWaiting = true;
        }
    }

    /// <summary>Takes the next one out of the line: one that can use an open connection to a host rather than the first, but nobody is passed over for long.</summary>
    /// <param name="host">The host of the connection; empty if there is none.</param>
    /// <param name="openedFor">For which it was opened.</param>
    /// <param name="now">Unix milliseconds.</param>
    public Destination? Next(string host, Destination? openedFor, long now)
    {
        if (_line.Count == 0)
        {
            foreach (var destination in _all.Values)
            {
                if (destination.IsDue(now))
                {
                    Queue(destination);
                }
            }
        }

        if (_line.First is not { } first)
        {
            return null;
        }

        var chosen = openedFor is null ? first : Fitting(first, host, openedFor);
        if (chosen != first)
        {
            first.Value.PassedOver++;
        }

        _line.Remove(chosen);
        _hasWaiting = _line.Count > 0;
        chosen.Value.IsInLine = false;
        chosen.Value.PassedOver = 0;
        return chosen.Value;
    }

    /// <summary>Takes those out that have nothing to do and that nobody works on.</summary>
    public List<Destination> Shed(long now)
    {
        List<Destination> idle = [.. _all.Values.Where(destination => destination is { Users: 0, IsInLine: false } && !destination.IsDue(now) && destination.Queue.IsIdle)];
        foreach (var destination in idle)
        {
            _all.Remove(destination.Name);
        }

        return idle;
    }

    /// <summary>When somebody may be due, Unix milliseconds.</summary>
    public long SoonestDue() => _all.Values.Select(destination => Math.Max(destination.RestUntil, destination.Queue.EmptyUntil)).DefaultIfEmpty(long.MaxValue).Min();

    private static LinkedListNode<Destination> Fitting(LinkedListNode<Destination> first, string host, Destination openedFor)
    {
        var node = first;
        for (var looked = 0; node is not null && looked < LooksAhead && first.Value.PassedOver < MostPassedOver; looked++, node = node.Next)
        {
            if (ReferenceEquals(node.Value, openedFor) || node.Value.Shares(host, openedFor))
            {
                return node;
            }
        }

        return first;
    }
}
