// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Journal;

/// <summary>Which lines of all journals to list.</summary>
/// <param name="Viewer">Only those of jobs that this person finds; null for all.</param>
/// <param name="Search">Part of the line, of the job's title or of its code, in any case; null for all.</param>
/// <param name="Who">The account, <c>token:N</c>, or empty for Tutti itself; null for everybody.</param>
/// <param name="Kind">The stable word of what happened; null for all.</param>
/// <param name="From">Not before this moment; null for no limit.</param>
/// <param name="Until">Before this moment; null for no limit.</param>
/// <param name="Skip">How many to leave out.</param>
/// <param name="Take">How many at most.</param>
internal sealed record JournalQuery(
    Actor? Viewer = null, string? Search = null, string? Who = null, string? Kind = null, DateTimeOffset? From = null, DateTimeOffset? Until = null, int Skip = 0, int Take = 50)
{
    /// <summary>Most lines on one page.</summary>
    public const int MaxTake = 500;
}

/// <summary>A line of a journal with its job.</summary>
internal sealed record JournalItem(string Code, string Title, JournalEntry Entry);

/// <summary>A page of lines.</summary>
/// <param name="Items">The lines of this page, the newest first.</param>
/// <param name="Total">How many there are on all pages.</param>
internal sealed record JournalListing(IReadOnlyList<JournalItem> Items, long Total);
