// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using Tutti.Lui.Archives.Format;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;

namespace Tutti.Lui.Archives.TakingIn;

/// <summary>The job of an archive that comes from elsewhere, and the numbers of which its rows speak.</summary>
internal sealed record BroughtJob(Job Job, IReadOnlyList<long> Deliveries, IReadOnlyList<long> Sets, IReadOnlyList<long> Files)
{
    /// <summary>Stands for everybody of another installation: numbers of accounts mean nothing here.</summary>
    public const string Stranger = "archive";

    private const int MostNumbers = 100_000;

    /// <summary>Its code there.</summary>
    public string Code => Job.Code;

    /// <summary>Reads it; a row that is no job, or no delivery, is damage.</summary>
    public static async Task<BroughtJob> Read(ArchiveFile file, CancellationToken cancellationToken)
    {
        var jobs = await All(file, "job", cancellationToken);
        if (jobs.Count != 1)
        {
            throw Bad("job");
        }

        try
        {
            var job = RowOf(jobs[0]).ToJob();
            if (job.Title.Length is 0 or > Job.MaxTitle)
            {
                throw Bad("job");
            }

            var deliveries = new List<long>();
            foreach (var row in await All(file, "delivery", cancellationToken))
            {
                _ = (Words.To<DeliveryKind>(Text(row, "kind")), Words.To<JobTracking>(Text(row, "tracking")));
                deliveries.Add(Number(row, "id"));
            }

            var sets = new List<long>();
            foreach (var row in await All(file, "recipient_source", cancellationToken))
            {
                var columns = JsonSerializer.Deserialize<string[]>(Text(row, "columns"))!;
                if (columns.Length == 0 || Number(row, "address_column") < 0 || Number(row, "address_column") >= columns.Length || row["name_column"] is long name && (name < 0 || name >= columns.Length))
                {
                    throw Bad("recipient_source");
                }

                sets.Add(Number(row, "id"));
            }

            // A job without a delivery of its own has rows under its own number all the same.
            return new BroughtJob(job, [.. deliveries.Append(job.Id).Distinct()], sets, [.. (await All(file, "job_file", cancellationToken)).Select(row => Number(row, "id"))]);
        }
        catch (Exception damage) when (damage is FormatException or JsonException or ArgumentException or OverflowException or InvalidOperationException or NullReferenceException)
        {
            throw Bad("job");
        }
    }

    /// <summary>Gives out the numbers that its rows have here.</summary>
    public async Task<ImportedNumbers> Number(DbTransaction transaction, CancellationToken cancellationToken)
    {
        async Task<Dictionary<long, long>> Of(IEnumerable<long> there, string sequence)
        {
            var numbers = new Dictionary<long, long>();
            foreach (var number in there)
            {
                numbers[number] = await NumberSequence.Next(transaction, sequence, cancellationToken);
            }

            return numbers;
        }

        var deliveries = await Of(Deliveries, NumberSequence.Delivery);
        return new ImportedNumbers(new(Job.Id, deliveries[Job.Id]), deliveries, await Of(Sets, NumberSequence.Recipients), await Of(Files, NumberSequence.File));
    }

    /// <summary>The job as it is here: archived until its rows are in, without folder, repetition and people of the other installation.</summary>
    public Job Here(ImportedNumbers numbers, string code, Actor owner, DateTimeOffset now) => Job with
    {
        Id = numbers.Job.Value,
        Code = code,
        State = JobState.Archived,
        Owner = owner,
        FolderId = null,
        DecideBy = null,
        ArchiveAfterDays = null,
        RecipientsId = Job.RecipientsId is { } set ? numbers.Sets.TryGetValue(set, out var here) ? here : throw Bad("job") : null,
        SenderProfile = null,
        ChainId = null,
        Run = 1,
        FourEyes = false,
        Edits = Job.Edits.ToImmutableDictionary(edit => edit.Key, edit => edit.Value with { Who = edit.Value.Who with { Id = Stranger } }),
        AuthorizedBy = Job.AuthorizedBy is { } who ? who with { Id = Stranger } : null,
        HandedOverAt = Job.HandedOverAt ?? now,
        CompletedAt = Job.CompletedAt ?? now,
        Version = 1,
    };

    private static async Task<List<ArchiveRow>> All(ArchiveFile file, string table, CancellationToken cancellationToken)
    {
        var rows = new List<ArchiveRow>();
        await foreach (var row in file.Rows(ArchivedTable.Find(table)!, cancellationToken))
        {
            rows.Add(row);
            if (rows.Count > MostNumbers)
            {
                throw new ArchiveDamage(ArchiveRefusals.TooMuch());
            }
        }

        return rows;
    }

    private static JobRow RowOf(ArchiveRow row) => new()
    {
        Id = Number(row, "id"),
        Code = Text(row, "code"),
        Title = Text(row, "title"),
        State = Text(row, "state"),
        FailureCode = row["failure_code"] as string,
        Failure = row["failure"] as string,
        OwnerId = Stranger,
        OwnerName = Text(row, "owner_name"),
        CreatedAt = Number(row, "created_at"),
        RecipientsId = row["recipients_id"] as long?,
        Tracking = row["tracking"] as string,
        TrackingMore = row["tracking_more"] as string,
        TrackerHost = row["tracker_host"] as string,
        SenderName = row["sender_name"] as string,
        SenderAddress = row["sender_address"] as string,
        SenderReplyTo = row["sender_reply_to"] as string,
        SenderMore = row["sender_more"] as string,
        Simulated = row["simulated"] as long? ?? 0,
        Way = Text(row, "way"),
        ScheduleKind = row["schedule_kind"] as string,
        ScheduleAt = row["schedule_at"] as long?,
        ScheduleZone = row["schedule_zone"] as string,
        ScheduleMore = row["schedule_more"] as string,
        TestState = Text(row, "test_state"),
        TestAt = row["test_at"] as long?,
        TestRule = Text(row, "test_rule"),
        Edits = Text(row, "edits"),
        AuthorizedById = row["authorized_by_id"] is string ? Stranger : null,
        AuthorizedByName = row["authorized_by_name"] as string,
        AuthorizedAt = row["authorized_at"] as long?,
        DueAt = row["due_at"] as long?,
        StartedAt = row["started_at"] as long?,
        HandedOverAt = row["handed_over_at"] as long?,
        CompletedAt = row["completed_at"] as long?,
    };

    private static string Text(ArchiveRow row, string column) => row[column] as string ?? throw new FormatException(column);

    private static long Number(ArchiveRow row, string column) => row[column] as long? ?? throw new FormatException(column);

    private static ArchiveDamage Bad(string table) => new(ArchiveRefusals.BadPart(ArchivedTable.Find(table)!.Part));
}
