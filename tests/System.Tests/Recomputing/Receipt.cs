// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tutti.System.Tests.Recomputing;

/// <summary>The receipt as a command printed it.</summary>
public sealed record Receipt(string Job, string State, long Planned, long Accepted, long Refused, long Expired, long Suppressed, long Withdrawn, long Waiting, long InDoubt)
{
    /// <summary>The sum that must hold at every moment.</summary>
    public bool AddsUp => Planned == Accepted + Refused + Expired + Suppressed + Withdrawn + Waiting + InDoubt;

    /// <summary>Reads the JSON line; every number must be there.</summary>
    public static Receipt Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        long Number(string name) => root.GetProperty(name).GetInt64();
        return new Receipt(
            root.GetProperty("job").GetString()!,
            root.GetProperty("state").GetString()!,
            Number("planned"), Number("accepted"), Number("refused"), Number("expired"),
            Number("suppressed"), Number("withdrawn"), Number("waiting"), Number("inDoubt"));
    }
}
