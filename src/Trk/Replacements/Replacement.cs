// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Dapper;
using Tutti.Trk.Spool;

namespace Tutti.Trk.Replacements;

/// <summary>Another tracker takes the place of this one.</summary>
/// <param name="Successor">HOST:PORT of its server.</param>
/// <param name="Since">When that was said.</param>
/// <param name="RetiredAt">Since when this one takes no more events; null while both collect.</param>
internal sealed record Replacement(string Successor, DateTimeOffset Since, DateTimeOffset? RetiredAt)
{
    /// <summary>For people.</summary>
    public string InWords(SpoolState state, DateTimeOffset now) => RetiredAt is { } retired
        ? string.Create(CultureInfo.InvariantCulture, $"Retired since {retired:yyyy-MM-dd HH:mm} UTC: {Successor} has taken its place. Readers who still come here are led on and not counted.")
        : string.Create(CultureInfo.InvariantCulture, $"{Successor} takes its place; both collect. Not fetched yet: {state.Newest - state.Confirmed}. Nobody has come here for {Math.Max(0, (now - state.QuietSince).TotalMinutes):0} minutes.");
}

/// <summary>Who takes this tracker's place, on the disk.</summary>
internal sealed class ReplacementStore(TrackerFile file)
{
    /// <summary>As it is kept; null if nobody does.</summary>
    public Replacement? Read() => file.Write(connection =>
        connection.QuerySingleOrDefault<(string Successor, long Since, long? Retired)?>("SELECT successor, since_ms, retired_ms FROM replacement") is { } row
            ? new Replacement(row.Successor, DateTimeOffset.FromUnixTimeMilliseconds(row.Since), row.Retired is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null)
            : null);

    /// <summary>Keeps it; null: nobody does any more.</summary>
    public Task Keep(Replacement? replacement, CancellationToken cancellationToken) => file.WriteAsync(
        connection =>
        {
            connection.Execute("DELETE FROM replacement");
            return replacement is null ? 0 : connection.Execute(
                "INSERT INTO replacement (successor, since_ms, retired_ms) VALUES (@Successor, @since, @retired)",
                new { replacement.Successor, since = replacement.Since.ToUnixTimeMilliseconds(), retired = replacement.RetiredAt?.ToUnixTimeMilliseconds() });
        },
        cancellationToken);
}
