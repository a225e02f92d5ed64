// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Tutti.Dst.Capture;

/// <summary>Reads what a distributor in capture mode has delivered. May be used beside a running distributor.</summary>
/// <param name="dataFolder">The distributor's data folder.</param>
public sealed class CaptureMailbox(string dataFolder)
{
    private readonly string _file = CaptureFile.In(dataFolder);

    /// <summary>Messages in the order in which they were taken.</summary>
    /// <param name="after">Only messages with larger ids; 0 begins at the oldest.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="recipient">Only this envelope recipient, whatever its case; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<CapturedMail>> List(long after, int most, string? recipient, CancellationToken cancellationToken)
    {
        if (!File.Exists(_file))
        {
            return [];
        }

        await using var connection = await Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT id AS Id, taken_at AS TakenAt, sender AS Sender, recipient AS Recipient, size AS Size
            FROM captured
            WHERE id > @after AND (@recipient IS NULL OR recipient = @recipient COLLATE NOCASE)
            ORDER BY id
            LIMIT @most
            """,
            new { after, most, recipient },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new CapturedMail(row.Id, DateTimeOffset.FromUnixTimeMilliseconds(row.TakenAt), row.Sender, row.Recipient, (int)row.Size))];
    }

    /// <summary>The bytes of a message as they were on the wire without dot-stuffing; null if it is not (or no longer) there.</summary>
    public async Task<byte[]?> Read(long id, CancellationToken cancellationToken)
    {
        if (!File.Exists(_file))
        {
            return null;
        }

        await using var connection = await Open(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<byte[]?>(new CommandDefinition(
            "SELECT message FROM captured WHERE id = @id", new { id }, cancellationToken: cancellationToken));
    }

    /// <summary>How many messages there are.</summary>
    public async Task<long> Count(CancellationToken cancellationToken)
    {
        if (!File.Exists(_file))
        {
            return 0;
        }

        await using var connection = await Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) FROM captured", cancellationToken: cancellationToken));
    }

    private async Task<DbConnection> Open(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file, DefaultTimeout = 60, Pooling = false }.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private sealed record Row(long Id, long TakenAt, string Sender, string Recipient, long Size);
}
