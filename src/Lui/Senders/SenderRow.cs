// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Senders;

/// <summary>Senders as they stand in tables: of a job in columns of their own with the rest beside them, of a profile as a whole.</summary>
internal static class SenderRow
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>A whole sender.</summary>
    public static string Of(JobSender sender) => JsonSerializer.Serialize(sender, _json);

    /// <summary>The sender of <see cref="Of"/>.</summary>
    public static JobSender Read(string whole) => JsonSerializer.Deserialize<JobSender>(whole, _json)!;

    /// <summary>What a sender has beyond name and addresses; null for nothing.</summary>
    public static string? MoreOf(JobSender sender) => sender is { Organisation: null, PostalAddress: null, BouncesTo: null, Headers: null }
        ? null
        : JsonSerializer.Serialize(new More(sender.Organisation, sender.PostalAddress, sender.BouncesTo, sender.Headers), _json);

    /// <summary>A sender with what <see cref="MoreOf"/> wrote of it.</summary>
    public static JobSender Read(string? more, JobSender sender) => more is null || JsonSerializer.Deserialize<More>(more, _json) is not { } read
        ? sender
        : sender with { Organisation = read.Organisation, PostalAddress = read.PostalAddress, BouncesTo = read.BouncesTo, Headers = read.Headers };

    private sealed record More(string? Organisation, string? PostalAddress, string? BouncesTo, string? Headers);
}
