// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Archives.Format;

namespace Tutti.Lui.Archives.TakingIn;

/// <summary>
/// The numbers that the rows of a job get that comes in with a file from elsewhere. They are given once and kept, so that an import that was cut off and begins
/// again writes the same rows. Nothing of the file leads to any other row of this installation, and nothing of it is ever sent.
/// </summary>
/// <param name="Job">The number that the job has in the file, and the one that it has here.</param>
/// <param name="Deliveries">The same of its deliveries, tests too.</param>
/// <param name="Sets">The same of its sets of recipients.</param>
/// <param name="Files">The same of the files that travel with it.</param>
internal sealed record ImportedNumbers(KeyValuePair<long, long> Job, Dictionary<long, long> Deliveries, Dictionary<long, long> Sets, Dictionary<long, long> Files)
{
    /// <summary>The row as it is kept here.</summary>
    public ArchiveRow Here(ArchivedTable table, ArchiveRow row)
    {
        var values = (object?[])row.Values.Clone();
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = (table.Name, row.Columns[index]) switch
            {
                ("outcome" or "outcome_count" or "came_back" or "tracker_event", "job_id") or (_, "delivery_id") or ("delivery", "id") => Of(Deliveries, table, values[index]),
                (_, "job_id") => Job.Value,
                (_, "recipients_id") or ("recipient_source", "id") => Of(Sets, table, values[index]),
                ("job_file", "id") => Of(Files, table, values[index]),
                ("job_file" or "media", "content_type") when values[index] is string type && !IsHarmless(table, type) => "application/octet-stream",

                // Closed for good: no worker takes it up, and nobody in doubt can be sent to again.
                ("delivery", "state") => "closed",
                ("delivery", "course") => "withdraw",
                ("delivery", "closed_at") => values[index] ?? row["started_at"],
                ("delivery", "on_demand") => values[index] is 0L ? 0L : 2L,
                ("delivery", "next_release_at") => null,
                ("outcome", "closed") => 1L,

                // Feeds of another installation: their numbers are none of ours, so they are put below zero, where ours never are.
                ("outcome" or "came_back" or "tracker_event", "feed") => -Job.Value,
                ("tracker_event", "number") => row.Number,
                ("recipient_source", "spool_file") => null,

                // Where they came from is of the other installation: nothing is asked of a database of ours because a file says so.
                ("recipient_source", "rule" or "rules") => null,
                ("recipient_source", "drawn") => 0L,
                (_, "by_id" or "who_id") => BroughtJob.Stranger,
                var (_, _) => values[index],
            };
        }

        return row with { Values = values };
    }

    private static bool IsHarmless(ArchivedTable table, string type) =>
        type.All(character => character is > ' ' and < '\x7f' or ' ') && (table.Name != "media" || type is "image/png" or "image/jpeg" or "image/gif" or "image/webp");

    private static long Of(Dictionary<long, long> numbers, ArchivedTable table, object? value) =>
        value is long number && numbers.TryGetValue(number, out var here) ? here : throw new ArchiveDamage(ArchiveRefusals.BadPart(table.Part));
}
