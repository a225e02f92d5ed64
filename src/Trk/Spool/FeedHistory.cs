// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Trk.Spool;

/// <summary>A start of the tracker on its file.</summary>
/// <param name="Id">Random, made at that start: a copy of the file that was made before does not have it.</param>
/// <param name="First">Number of the first event after it.</param>
internal sealed record Start(string Id, long First);

/// <summary>A stretch of numbers whose events are not there.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
internal sealed record Hole(long First, long Last);

/// <summary>What the file knows of its own past.</summary>
/// <param name="Starts">All starts, in their order.</param>
/// <param name="Former">Feeds that ended, each with the number up to which its reader has the same events.</param>
/// <param name="Damage">Events that the disk lost.</param>
internal sealed record FeedHistory(IReadOnlyList<Start> Starts, IReadOnlyDictionary<string, long> Former, IReadOnlyList<Hole> Damage)
{
    /// <summary>Of a file that nobody has started on.</summary>
    public static FeedHistory None { get; } = new([], new Dictionary<string, long>(), []);

    /// <summary>Events that the disk lost.</summary>
    public long Damaged => Damage.Sum(hole => hole.Last - hole.First + 1);

    /// <summary>The starts that gave numbers to events behind a mark, and the last one.</summary>
    public IEnumerable<Start> After(long mark) => Starts.Where((_, index) => index == Starts.Count - 1 || EndOf(index, long.MaxValue) > mark);

    /// <summary>
    /// Null if a reader's past is this file's past. Otherwise the file was replaced by an older copy of itself, and this
    /// is the number up to which both have the same events.
    /// </summary>
    /// <param name="known">The starts that the reader knows, in their order; there is at least one.</param>
    /// <param name="told">The largest number that it was told of under the last of them.</param>
    /// <param name="newest">Number of this file's newest event.</param>
    public long? SharedWith(IReadOnlyList<string> known, long told, long newest)
    {
        var index = Starts.Count - 1;
        while (index >= 0 && !known.Contains(Starts[index].Id))
        {
            index--;
        }

        if (index < 0)
        {
            return Starts.Count == 0 ? newest : Starts[0].First - 1;
        }

        var end = EndOf(index, newest);
        return Starts[index].Id == known[^1] && told <= end ? null : end;
    }

    private long EndOf(int index, long newest) => index + 1 < Starts.Count ? Starts[index + 1].First - 1 : newest;
}
