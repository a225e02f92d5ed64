// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;

namespace Tutti.Commands.Jobs;

/// <summary>A job's receipt as LUI tells it; also the JSON object that scripts read.</summary>
internal sealed record JobReceipt(
    string Job, string State, long Planned, long Accepted, long Refused, long Expired, long Suppressed, long Withdrawn, long Waiting, long InDoubt, bool Simulated = false)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    /// <summary>True if every planned recipient is in exactly one term.</summary>
    public bool AddsUp => Planned == Accepted + Refused + Expired + Suppressed + Withdrawn + Waiting + InDoubt;

    /// <summary>True if the work is done: it adds up and nobody waits.</summary>
    public bool IsFinal => AddsUp && Waiting == 0;

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new { Job, State, Planned, Accepted, Refused, Expired, Suppressed, Withdrawn, Waiting, InDoubt, Simulated }, _json);

    /// <summary>A sum that one can check by eye.</summary>
    public override string ToString()
    {
        var terms = new (long Count, string Name)[]
        {
            (Accepted, "accepted"), (Refused, "refused"), (Expired, "expired"), (Suppressed, "suppressed"), (Withdrawn, "withdrawn"), (InDoubt, "in doubt"), (Waiting, "waiting"),
        };
        return $"{(Simulated ? "only simulated, nobody got a message: " : "")}planned {Number(Planned)} = {string.Join(" + ", terms.Select(term => $"{term.Name} {Number(term.Count)}"))}";
    }

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
