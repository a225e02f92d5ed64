// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Approval;

/// <summary>What was approved of each job.</summary>
internal sealed class SealStore(Database database)
{
    /// <summary>Keeps a seal in the place of the job's former one, within the transaction that authorises.</summary>
    public static Task Save(DbTransaction transaction, Seal seal, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        """
        INSERT INTO seal (job_id, hash, parts, who_id, who_name, at) VALUES (@JobId, @Hash, @parts, @whoId, @whoName, @at)
        ON CONFLICT (job_id) DO UPDATE
            SET hash = excluded.hash, parts = excluded.parts, who_id = excluded.who_id, who_name = excluded.who_name, at = excluded.at
        """,
        new
        {
            seal.JobId,
            seal.Hash,
            parts = JsonSerializer.Serialize(seal.Parts.OrderBy(part => part.Key).ToDictionary(part => Words.Of(part.Key), part => part.Value)),
            whoId = seal.Who.Id,
            whoName = seal.Who.Name,
            at = seal.At.ToUnixTimeMilliseconds(),
        },
        transaction,
        cancellationToken: cancellationToken));

    /// <summary>The seal of a job, or null. What cannot be read any more counts as no part.</summary>
    public async Task<Seal?> Find(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            "SELECT hash, parts, who_id AS WhoId, who_name AS WhoName, at FROM seal WHERE job_id = @jobId", new { jobId }, cancellationToken: cancellationToken));
        return row is null ? null : new Seal(jobId, Read(row.Parts), new Actor(row.WhoId, row.WhoName), DateTimeOffset.FromUnixTimeMilliseconds(row.At), row.Hash);
    }

    private static Dictionary<SealedPart, string> Read(string json)
    {
        var parts = new Dictionary<SealedPart, string>();
        try
        {
            foreach (var (word, hash) in JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [])
            {
                if (Words.TryTo<SealedPart>(word, out var part))
                {
                    parts[part] = hash;
                }
            }
        }
        catch (JsonException)
        {
            // Somebody wrote into the row: every part then differs from what was approved.
        }

        return parts;
    }

    private sealed class Row
    {
        public string Hash { get; set; } = "";

        public string Parts { get; set; } = "";

        public string WhoId { get; set; } = "";

        public string WhoName { get; set; } = "";

        public long At { get; set; }
    }
}
