// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;
using Tutti.Lui.Recipients.Queries;
using Tutti.Lui.Recipients.Reactions;

namespace Tutti.Lui.Recipients.Drawing;

/// <summary>How a set of recipients was found, so that it can be found again: by a query, or by the reaction to a job.</summary>
internal sealed record AudienceRule
{
    private static readonly JsonSerializerOptions _options = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter() } };

    /// <summary>The query; null if it is a reaction.</summary>
    public TakeQuery.Query? Query { get; init; }

    /// <summary>The reaction; null if it is a query.</summary>
    public ReactionRule? Reaction { get; init; }

    /// <summary>Names of the columns as they came. Whoever draws again must find the same ones, because the message was written for them.</summary>
    public IReadOnlyList<string> Header { get; init; } = [];

    /// <summary>As it is kept and sealed.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, _options);

    /// <summary>As it was kept.</summary>
    public static AudienceRule FromJson(string json) => JsonSerializer.Deserialize<AudienceRule>(json, _options)!;
}

/// <summary>Recipients of another job by their reaction.</summary>
/// <param name="Job">Code of the other job.</param>
/// <param name="Set">Which of its recipients.</param>
internal sealed record ReactionRule(string Job, ReactionSet Set);
