// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.Lui.Jobs;
using Tutti.Mail.Links;
using Tutti.Mail.Links.Parameters;

namespace Tutti.Lui.Tracking.Types;

/// <summary>What a job's tracking type needs besides, and what is chosen for its links.</summary>
internal sealed record TrackingDetails
{
    /// <summary>Nothing.</summary>
    public static TrackingDetails None { get; } = new();

    /// <summary>The column that says of each recipient whether opens and clicks may lead back to him or her; empty: none is chosen.</summary>
    public string PermissionField { get; init; } = "";

    /// <summary>The columns whose values make a profile.</summary>
    public IReadOnlyList<string> ProfileFields { get; init; } = [];

    /// <summary>What is decided about single links.</summary>
    public IReadOnlyList<LinkChoice> Links { get; init; } = [];

    /// <summary>What is added to links.</summary>
    public IReadOnlyList<LinkParameter> Parameters { get; init; } = [];

    /// <summary>What is decided about the links of a job's message.</summary>
    public static LinkPlan PlanOf(Job job) => new()
    {
        Choices = job.TrackingDetails.Links,
        Parameters = job.TrackingDetails.Parameters,
        JobCode = job.Code,
        JobTitle = job.TrackingDetails.Parameters.Any(NamesTitle) ? job.Title : "",
    };

    /// <summary>Whether a parameter's value holds the job's title, which may change after it was approved.</summary>
    public static bool NamesTitle(LinkParameter parameter) => parameter.Value.Contains("job.title", StringComparison.Ordinal);

    /// <summary>As it is kept; null for nothing.</summary>
    public string? ToJson() => JsonSerializer.Serialize(this) is var json && json == JsonSerializer.Serialize(None) ? null : json;

    /// <summary>As it was kept.</summary>
    public static TrackingDetails FromJson(string? json) => json is null ? None : JsonSerializer.Deserialize<TrackingDetails>(json)!;

    /// <inheritdoc/>
    public bool Equals(TrackingDetails? other) => other is not null && ToJson() == other.ToJson();

    /// <inheritdoc/>
    public override int GetHashCode() => ToJson()?.GetHashCode(StringComparison.Ordinal) ?? 0;
}
