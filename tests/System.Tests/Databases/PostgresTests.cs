// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Npgsql;
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;
using Tutti.Testing;

namespace Tutti.System.Tests.Databases;

/// <summary>The system database on a PostgreSQL server of its own: set-up, several User Interfaces, the server away, and the move there.</summary>
public sealed class PostgresTests : SystemTest
{
    private const int Seed = 77;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    [Fact]
    [Trait("Row", "C-1.0.10")]
    public async Task The_server_that_the_tests_talk_to_is_among_those_that_the_version_names()
    {
        await using var postgres = new PostgresServer();
        await using var connection = new NpgsqlConnection(await postgres.CreateDatabase());
        await connection.OpenAsync(Cancelled);

        var line = (await Executable.Run("--version", "--verbose")).Expect(0).Output.Split('\n').Single(each => each.StartsWith("database  PostgreSQL", StringComparison.Ordinal));
        Assert.Matches($@"tested with [\d, ]*\b{connection.PostgreSqlVersion.Major}\b", line);
    }

    [Fact]
    [Trait("Row", "C-1.1.5")]
    public async Task A_database_that_cannot_be_used_is_refused_with_what_to_do_and_no_home_is_left()
    {
        var postgres = Own(new PostgresServer());
        var good = await postgres.CreateDatabase();
        var where = new NpgsqlConnectionStringBuilder(good);
        await using var source = NpgsqlDataSource.Create(good);
        await Do("CREATE ROLE guest LOGIN");
        await Do("CREATE DATABASE latin ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
        var closed = FreePort.Next();

        await Refused(69, "cannot be reached", $"postgresql://postgres:secret-word@127.0.0.1:{closed}/tutti");
        await Refused(2, "does not exist", $"postgresql://postgres:secret-word@127.0.0.1:{where.Port}/nowhere");
        await Refused(2, "ENCODING 'UTF8'", $"postgresql://postgres:secret-word@127.0.0.1:{where.Port}/latin");
        await Refused(2, "GRANT CREATE ON DATABASE", $"postgresql://guest:secret-word@127.0.0.1:{where.Port}/{where.Database}");
        await Refused(2, "'colour'", $"postgresql://guest:secret-word@127.0.0.1:{where.Port}/{where.Database}?colour=red");
        await Refused(2, "neither a PostgreSQL URL nor", "the database is over there; secret-word");
        await Do("CREATE SCHEMA lui CREATE TABLE job (id BIGINT)");
        await Refused(2, "--shared-database", $"postgresql://postgres:secret-word@127.0.0.1:{where.Port}/{where.Database}");

        async Task Do(string statement)
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(Cancelled);
        }
    }

    [Fact]
    public async Task Two_user_interfaces_share_one_database_and_one_goes_on_where_the_other_was_killed_or_the_database_was_away()
    {
        var postgres = Own(new PostgresServer());
        using var url = DatabaseFile.Of(await postgres.CreateDatabase());
        var audience = Audience.Make(600, Seed);
        var outside = Own(new RecordingSmtpServer(audience.Behave));
        var players = Own(new Players(Seed));
        var serial = 60;
        var layout = Own(Layout.Of("hub,trk,dst | lui | lui", components => new ServerHome(components, $"127.0.0.{serial}", $"127.0.0.{serial++}")
        {
            SetUpOptions = !components.Contains("lui") ? [] : ["--database", "postgres", "--database-url-file", url.Path, .. serial == 62 ? Array.Empty<string>() : ["--shared-database"]],
        }));
        var (first, second) = (layout.Servers[1], layout.Servers[2]);
        var settings = CampaignRun.Settings(outside, connections: 4, rate: 60);
        await layout.Servers[0].SetUp(hub: null, settings);
        await first.SetUp(layout.Servers[0].Peer, settings);
        await layout.Servers[0].Start();
        await first.Start();
        await second.SetUp(layout.Servers[0].Peer, settings);
        await second.Start();

        // The campaign is made at the first and watched at it; then it is gone.
        var run = CampaignRun.On(layout, audience, outside, players);
        await run.Send();
        await Came(run, layout, 100);
        await first.Kill();
        layout.UserInterface = second;
        await Came(run, layout, 300);

        // The database goes away under the other.
        await postgres.Stop();
        await Waiting.Until(async () => (await layout.Ask(HttpMethod.Get, "jobs")).Status == HttpStatusCode.ServiceUnavailable, _patience, layout.Explain);
        await postgres.StartAgain();
        await Waiting.Until(async () => (await layout.Ask(HttpMethod.Get, "jobs")).Status == HttpStatusCode.OK, TimeSpan.FromSeconds(10), () => $"It does not come back within ten seconds.\n{layout.Explain()}");

        await run.Finish(_patience);
        var report = await Report.Fetch(layout, run.Job, players);
        Assert.Empty(report.Differences(players));
        Assert.Empty(new Ledger(audience, outside).Differences(await run.Receipt(), await run.Fates()));
        Assert.False(layout.Servers[0].Run.HasExited);
    }

    [Fact]
    [Trait("Row", "C-1.0.9")]
    public async Task A_running_installation_moves_to_postgresql_in_the_middle_of_a_campaign()
    {
        var postgres = Own(new PostgresServer());
        using var url = DatabaseFile.Of(await postgres.CreateDatabase());
        using var wrong = DatabaseFile.Containing($"postgresql://postgres@127.0.0.1:{FreePort.Next()}/tutti");
        var audience = Audience.Make(500, Seed + 1);
        var outside = Own(new RecordingSmtpServer(audience.Behave));
        var players = Own(new Players(Seed + 1));
        var run = CampaignRun.On(Own(await Installation.SetUp(separate: false, CampaignRun.Settings(outside, connections: 4, rate: 60))), audience, outside, players);
        await run.Installation.Start();
        await run.Send();
        await Came(run, run.Installation, 100);

        (await run.Installation.Command("database", "move", "--database-url-file", wrong.Path)).Expect(69);
        var moved = (await run.Installation.Command("database", "move", "--database-url-file", url.Path)).Expect(0);

        Assert.Contains("the same on both sides", moved.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.Combine(run.Installation.Home, "lui", "data"), "lui.sqlite.*Z"));
        (await run.Installation.Command("database", "move", "--database-url-file", url.Path)).Expect(2);
        await run.Finish(_patience);
        Assert.Empty((await Report.Fetch(run.Installation, run.Job, players)).Differences(players));
        Assert.Empty(new Ledger(audience, outside).Differences(await run.Receipt(), await run.Fates()));
    }

    private static async Task Refused(int code, string words, string line)
    {
        using var file = DatabaseFile.Containing(line);
        var home = Path.Combine(Path.GetTempPath(), $"tutti-{Environment.ProcessId}-{Ports.Serial()}");
        var refused = (await Executable.Run("setup", "--home", home, "--components", "lui,hub,trk,dst", "--database", "postgres", "--database-url-file", file.Path)).Expect(code);
        Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", refused.Output + refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(home));
    }

    private static Task Came<T>(CampaignRun<T> run, Site site, int goal)
        where T : Site => Waiting.Until(
            async () =>
            {
                await run.Read();
                return run.Outside.Messages.Count >= goal;
            },
            _patience,
            () => $"Only {run.Outside.Messages.Count} of {goal} messages came.\n{site.Explain()}");
}
