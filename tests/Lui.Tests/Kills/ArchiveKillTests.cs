// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Dapper;
using Tutti.Lui.Archives.Format;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Kills;

/// <summary>kill -9 while an archive is written, while rows are taken away, and while they are brought back: at each moment all rows are in the database or in a file that is whole.</summary>
public sealed class ArchiveKillTests
{
    private const int Delivered = 100;
    private const int Recipients = 20_000;
    private static readonly int _rounds = Environment.GetEnvironmentVariable("TUTTI_LONG") == "1" ? 5 : 1;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_row_is_lost_whatever_stage_the_process_dies_in()
    {
        using var folder = new TemporaryFolder();
        var job = await Prepare(folder.File("seed.sqlite"));
        await using var server = await LuiServer.SetUp(folder.File("seed.sqlite"), "ArchivesEvery=1s");
        var before = await Sums(server.Database, job.Id);
        await server.Start();
        for (var round = 0; round < _rounds; round++)
        {
            await Post(server, $"jobs/{job.Code}/archive");

            // While it is written.
            await server.Until(async () => Drafts(server).Any() || await State(server, job.Id) == "archived", "Nothing is written.");
            await server.Kill();
            if (await State(server, job.Id) == "completed")
            {
                Assert.Equal(before, await Sums(server.Database, job.Id));
            }
            else
            {
                await AssertWhole(server, job.Id);
            }

            // While rows are taken away: some are gone, the others are here, and the file is whole.
            await server.Start();
            await server.Until(async () => await Count(server, job.Id, "recipient") < Recipients, "No row is taken away.");
            await server.Kill();
            await AssertWhole(server, job.Id);

            await server.Start();
            await server.Until(async () => await Archived(server, job.Id) == "removed", "The rows are not taken away.");
            Assert.Equal((0L, 0L, "archived"), (await Count(server, job.Id, "recipient"), await Count(server, job.Id, "outcome"), await State(server, job.Id)));

            // While they are brought back.
            await Post(server, $"jobs/{job.Code}/archive/bring-back");
            await server.Until(async () => await Count(server, job.Id, "recipient") > 0, "No row is brought back.");
            await server.Kill();
            await AssertWhole(server, job.Id);

            await server.Start();
            await server.Until(async () => await State(server, job.Id) == "completed", "The job does not come back.");
            Assert.Equal(before, await Sums(server.Database, job.Id));
            Assert.Empty(Drafts(server));
        }
    }

    /// <summary>A job that was delivered to some, and whose rows were then multiplied.</summary>
    private static async Task<Job> Prepare(string path)
    {
        await using var world = await Installation.Start(Database.OnSqlite(path));
        var job = await world.Lui.Authorized(Delivered);
        await world.Settle();
        job = await world.Lui.Job(job.Id);
        Assert.Equal(JobState.Completed, job.State);
        await world.Database.Write(
            transaction => transaction.Connection!.ExecuteAsync(
                """
                WITH RECURSIVE more (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < @times)
                INSERT INTO recipient SELECT recipients_id, id + n * @Delivered, n || address, n || normalized, display_name, fields FROM recipient, more;
                WITH RECURSIVE more (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < @times)
                INSERT INTO outcome SELECT job_id, recipient_id + n * @Delivered, fate, reply, host, attempts, at, feed, closed FROM outcome, more;
                """,
                new { times = (Recipients / Delivered) - 1, Delivered },
                transaction),
            Stop);
        return job;
    }

    private static async Task AssertWhole(LuiServer server, long job)
    {
        await using var connection = await server.Database.Open(Stop);
        var (file, digest) = await connection.QuerySingleAsync<(string, string)>("SELECT file, digest FROM job_archive WHERE job_id = @job", new { job });
        Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(server.Archives, file), Stop))));
    }

    private static IEnumerable<string> Drafts(LuiServer server) => Directory.Exists(server.Archives) ? Directory.EnumerateFiles(server.Archives, "*.part") : [];

    private static async Task Post(LuiServer server, string path)
    {
        using var answer = await server.Client.PostAsync(path, null, Stop);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static Task<string?> State(LuiServer server, long job) => Ask<string>(server, "SELECT state FROM job WHERE id = @job", job);

    private static Task<string?> Archived(LuiServer server, long job) => Ask<string>(server, "SELECT state FROM job_archive WHERE job_id = @job", job);

    private static Task<long> Count(LuiServer server, long job, string table) => Ask<long>(server, $"SELECT COUNT(*) FROM {table} WHERE {ArchivedTable.Find(table)!.Which}", job);

    private static async Task<T?> Ask<T>(LuiServer server, string query, long job)
    {
        await using var connection = await server.Database.Open(Stop);
        return await connection.ExecuteScalarAsync<T>(query, new { job });
    }

    // Every row of every table, but for what says that the job was archived.
    private static async Task<string> Sums(Database database, long job)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var connection = await database.Open(Stop);
        foreach (var table in ArchivedTable.All.Where(table => table.Name is not ("job" or "job_journal" or "stored_file")))
        {
            await using var rows = await connection.ExecuteReaderAsync($"SELECT * FROM {table.Name} WHERE {table.Which} ORDER BY {string.Join(", ", table.Key)}", new { job });
            while (await rows.ReadAsync(Stop))
            {
                for (var column = 0; column < rows.FieldCount; column++)
                {
                    hash.AppendData(rows.GetValue(column) switch { byte[] bytes => bytes, var value => System.Text.Encoding.UTF8.GetBytes($"{value}\0") });
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
