// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.Wiring.Configuration;

/// <summary>What is wrong in the configuration, said as a compiler would: <c>tracker.ini:3: SegmentSize: …</c>.</summary>
/// <param name="Source">The file's name, or the environment variable.</param>
/// <param name="Line">From 1; null if it belongs to no line.</param>
/// <param name="Key">The key, or null if it concerns the whole file.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
/// <param name="Code">Stable and searchable, such as <c>ssl.path-relative</c>; null where there is none.</param>
public sealed record Complaint(string Source, int? Line, string? Key, string Message, string? Code = null)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var line = Line is { } number ? ":" + number.ToString(CultureInfo.InvariantCulture) : "";
        var key = Key is null ? "" : Key + ": ";
        var code = Code is null ? "" : $"[{Code}] ";
        return $"{Source}{line}: {key}{code}{Message}";
    }
}

/// <summary>The configuration does not let the server start; carries all complaints at once.</summary>
public sealed class ConfigurationException(IReadOnlyList<Complaint> complaints)
    : Exception(string.Join(Environment.NewLine, complaints))
{
    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<Complaint> Complaints { get; } = complaints;
}
