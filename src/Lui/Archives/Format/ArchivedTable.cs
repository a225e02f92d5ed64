// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Archives.Format;

/// <summary>What becomes of a table's rows when their job is archived.</summary>
internal enum ArchivedRows
{
    /// <summary>They stay in the database too: there are few, or lists and late events need them.</summary>
    Stay,

    /// <summary>They are taken out of the database once the file is on disk.</summary>
    AreTakenAway,
}

/// <summary>A table of which an archive holds rows.</summary>
/// <param name="Name">The table.</param>
/// <param name="Which">The rows of a job (<c>@job</c>), as a condition.</param>
/// <param name="Key">What tells a row from every other; also the order in the file.</param>
/// <param name="Rows">What becomes of them.</param>
/// <param name="Same">Columns that beside the key have to be as they were written for a row to be taken away: what a late event changed stays.</param>
/// <param name="IsForOthers">Whether a job that comes in from elsewhere brings them; what names people, servers and approvals of another installation says nothing here.</param>
internal sealed record ArchivedTable(string Name, string Which, string[] Key, ArchivedRows Rows = ArchivedRows.Stay, string[]? Same = null, bool IsForOthers = true)
{
    private const string Deliveries = "(SELECT id FROM delivery WHERE job_id = @job)";
    private const string Sets = """
        (SELECT recipients_id FROM job WHERE id = @job AND recipients_id IS NOT NULL UNION SELECT recipients_id FROM delivery WHERE job_id = @job
         UNION SELECT id FROM recipient_source WHERE job_id = @job AND state = 'ready')
        """;

    private const string Pictures = "(SELECT media.key FROM media JOIN content ON content.job_id = @job AND content.html LIKE '%' || media.key || '%')";
    private const string Digests = $"""
        (SELECT digest FROM job_file WHERE job_id = @job UNION SELECT digest FROM delivery_file WHERE delivery_id IN {Deliveries}
         UNION SELECT digest FROM media WHERE key IN {Pictures})
        """;

    /// <summary>All of them, each behind those that it refers to.</summary>
    public static IReadOnlyList<ArchivedTable> All { get; } =
    [
        new("job", "id = @job", ["id"]),
        new("job_journal", "job_id = @job", ["job_id", "number"]),
        new("content", "job_id = @job", ["job_id"]),
        new("job_drop_in", "job_id = @job", ["job_id", "name"]),
        new("job_fetch_late", "job_id = @job", ["job_id"]),
        new("on_demand_job", "job_id = @job", ["job_id"]),
        new("recipient_source", $"id IN {Sets}", ["id"]),
        new("delivery", "job_id = @job", ["id"]),
        new("delivery_link", $"delivery_id IN {Deliveries}", ["delivery_id", "number"]),
        new("tracking_profile", $"delivery_id IN {Deliveries}", ["delivery_id", "trace"]),
        new("delivery_zone", $"delivery_id IN {Deliveries}", ["delivery_id", "value"]),
        new("test_recipient", $"delivery_id IN {Deliveries}", ["delivery_id", "id"]),
        new("delivery_distributor", $"delivery_id IN {Deliveries}", ["delivery_id", "component_id"], IsForOthers: false),
        new("delivery_batch", $"delivery_id IN {Deliveries}", ["delivery_id", "number"], IsForOthers: false),
        new("outcome_count", $"job_id IN {Deliveries}", ["job_id", "fate"]),
        new("doubt_decision", $"delivery_id IN {Deliveries}", ["delivery_id", "batch", "recipient_id"]),
        new("seal", "job_id = @job", ["job_id"], IsForOthers: false),
        new("job_member", "job_id = @job", ["job_id", "person_id"], IsForOthers: false),
        new("job_watcher", "job_id = @job", ["job_id", "person_id"], IsForOthers: false),
        new("sender_override", "job_id = @job", ["job_id", "domain"], IsForOthers: false),
        new("preflight", "job_id = @job", ["job_id"], IsForOthers: false),
        new("preflight_tick", "job_id = @job", ["job_id", "finding"], IsForOthers: false),
        new("rehearsal", "job_id = @job", ["id"], IsForOthers: false),
        new("media", $"key IN {Pictures}", ["key"]),
        new("stored_file", $"digest IN {Digests}", ["digest"]),
        new("stored_piece", $"digest IN {Digests}", ["digest", "number"]),
        new("job_file", "job_id = @job", ["id"], ArchivedRows.AreTakenAway),
        new("delivery_file", $"delivery_id IN {Deliveries}", ["delivery_id", "digest"], ArchivedRows.AreTakenAway),
        new("rehearsal_odd", "rehearsal_id IN (SELECT id FROM rehearsal WHERE job_id = @job)", ["rehearsal_id", "number"], ArchivedRows.AreTakenAway, IsForOthers: false),
        new("on_demand_message", "job_id = @job", ["job_id", "recipient_id"], ArchivedRows.AreTakenAway),
        new("delivery_order", $"delivery_id IN {Deliveries}", ["delivery_id", "position"], ArchivedRows.AreTakenAway),
        new("recipient", $"recipients_id IN {Sets}", ["recipients_id", "id"], ArchivedRows.AreTakenAway),
        new("recipient_set_aside", $"recipients_id IN {Sets}", ["recipients_id", "line"], ArchivedRows.AreTakenAway),
        new("outcome", $"job_id IN {Deliveries}", ["job_id", "recipient_id"], ArchivedRows.AreTakenAway, Same: ["fate", "at"]),
        new("came_back", $"job_id IN {Deliveries}", ["job_id", "recipient_id", "kind"], ArchivedRows.AreTakenAway, Same: ["class", "at"]),
        new("tracker_event", $"job_id IN {Deliveries}", ["feed", "number"], ArchivedRows.AreTakenAway),
    ];

    /// <summary>The table of a name, or null.</summary>
    public static ArchivedTable? Find(string name) => All.FirstOrDefault(table => table.Name == name);

    /// <summary>The name of its part in the file.</summary>
    public string Part => $"tables/{Name}.jsonl";
}
