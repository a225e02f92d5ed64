// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Trk.Spool;

namespace Tutti.Trk.Outages;

/// <summary>A time in which the tracker was not there: what readers did then was not counted, and their links were dead.</summary>
/// <param name="From">When it was last there.</param>
/// <param name="To">When it was there again.</param>
internal sealed record Outage(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>How long it was.</summary>
    public TimeSpan Length => To - From;
}

/// <summary>Keeps the tracker's outages.</summary>
internal sealed class OutageStore(TrackerFile file)
{
    /// <summary>Keeps one.</summary>
    public Task Add(Outage outage, CancellationToken cancellationToken) => file.WriteAsync(
        connection => connection.Execute(
            "INSERT INTO gap (from_ms, to_ms) VALUES (@From, @To) ON CONFLICT (from_ms) DO UPDATE SET to_ms = max(to_ms, excluded.to_ms)",
            new { From = outage.From.ToUnixTimeMilliseconds(), To = outage.To.ToUnixTimeMilliseconds() }),
        cancellationToken);

    /// <summary>The newest ones that ended after a moment, the oldest of them first.</summary>
    public async Task<IReadOnlyList<Outage>> Since(DateTimeOffset moment, int most, CancellationToken cancellationToken)
    {
        await using var connection = await file.Read(cancellationToken);
        var rows = await connection.QueryAsync<(long From, long To)>(new CommandDefinition(
            "SELECT from_ms, to_ms FROM gap WHERE to_ms >= @since ORDER BY from_ms DESC LIMIT @most",
            new { since = moment.ToUnixTimeMilliseconds(), most },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new Outage(DateTimeOffset.FromUnixTimeMilliseconds(row.From), DateTimeOffset.FromUnixTimeMilliseconds(row.To))).Reverse()];
    }
}
