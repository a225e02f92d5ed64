// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Lui.Teams;

namespace Tutti.Lui.Jobs.Listing;

/// <summary>The order of a list of jobs.</summary>
internal enum JobOrder
{
    /// <summary>The one that was made last first.</summary>
    Newest,

    /// <summary>By title, from A on.</summary>
    Title,

    /// <summary>By the time at which it left, leaves, or was completed, the latest first; those without one last.</summary>
    Time,
}

/// <summary>Which jobs to list.</summary>
/// <param name="State">Only those in this state, or all.</param>
/// <param name="Search">Part of title, code or owner's name, in any case, or null.</param>
/// <param name="Skip">How many to leave out.</param>
/// <param name="Take">How many at most.</param>
/// <param name="Viewer">Only those that this person finds; null for all.</param>
/// <param name="Folder">Only those in this folder and those below it; 0 for those in no folder; null for all.</param>
/// <param name="Owner">Only those of this owner; null for all.</param>
/// <param name="Order">Their order.</param>
internal sealed record JobQuery(
    JobState? State = null, string? Search = null, int Skip = 0, int Take = 50, Actor? Viewer = null, long? Folder = null, string? Owner = null, JobOrder Order = JobOrder.Newest)
{
    /// <summary>The conditions in SQL.</summary>
    public const string Where = $"""
        WHERE (@State IS NULL OR state = @State)
          AND {JobScope.Condition}
          AND (@Owner IS NULL OR owner_id = @Owner)
          AND (@Pattern IS NULL OR LOWER(title) LIKE @Pattern ESCAPE '\' OR LOWER(code) LIKE @Pattern ESCAPE '\' OR LOWER(owner_name) LIKE @Pattern ESCAPE '\')
          AND (@Folder = -1 OR (@Folder = 0 AND folder_id IS NULL) OR folder_id IN (
            WITH RECURSIVE below (id) AS (
                SELECT id FROM job_folder WHERE id = @Folder UNION SELECT f.id FROM job_folder f JOIN below b ON f.parent_id = b.id)
            SELECT id FROM below))
        """;

    /// <summary>The order in SQL.</summary>
    public string OrderBy => Order switch
    {
        JobOrder.Newest => "ORDER BY id DESC",
        JobOrder.Title => "ORDER BY LOWER(title), id DESC",
        JobOrder.Time => "ORDER BY CASE WHEN COALESCE(completed_at, due_at, schedule_at) IS NULL THEN 1 ELSE 0 END, COALESCE(completed_at, due_at, schedule_at) DESC, id DESC",
    };

    /// <summary>The values of the conditions, but those of the viewer's scope.</summary>
    public DynamicParameters Parameters()
    {
        var parameters = new DynamicParameters();
        parameters.Add("State", State is { } state ? Words.Of(state) : null, System.Data.DbType.String);
        parameters.Add("Pattern", PatternOf(Search), System.Data.DbType.String);
        parameters.Add("Owner", Owner, System.Data.DbType.String);
        parameters.Add("Folder", Folder ?? -1L);
        parameters.Add("Skip", Skip);
        parameters.Add("Take", Take);
        return parameters;
    }

    /// <summary>The pattern for LIKE that finds a text anywhere; null for none.</summary>
    public static string? PatternOf(string? search) => string.IsNullOrWhiteSpace(search)
        ? null
        : "%" + search.Trim().ToLowerInvariant().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal) + "%";
}

/// <summary>A page of a list of jobs.</summary>
/// <param name="Jobs">The jobs of this page.</param>
/// <param name="Total">How many there are on all pages.</param>
internal sealed record JobListing(IReadOnlyList<Job> Jobs, long Total);
