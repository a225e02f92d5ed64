// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Journal;

/// <summary>A recipient as the journal last left it: what a move starts from.</summary>
/// <param name="Job">The delivery.</param>
/// <param name="Id">The recipient in it.</param>
/// <param name="Lane">Its lane; whose tally changes.</param>
/// <param name="Standing">Waiting or Offered.</param>
/// <param name="Attempts">How often it was tried, the attempt that is under way included once it is offered.</param>
/// <param name="FirstAt">When it was tried first, Unix milliseconds; 0 if never.</param>
/// <param name="Node">Number of the distributor that holds it or has offered it; 0 if nobody does, and always where a store has one distributor.</param>
internal readonly record struct Place(long Job, long Id, string Lane, Standing Standing, int Attempts, long FirstAt, int Node = 0)
{
    /// <summary>Whether it waits for another attempt.</summary>
    public bool IsDeferred => Standing == Standing.Waiting && Attempts > 0;

    /// <summary>The number of the attempt that is under way or comes next.</summary>
    public int Attempt => Standing == Standing.Offered ? Attempts : Attempts + 1;
}
