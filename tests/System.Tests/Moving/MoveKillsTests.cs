// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Security.Cryptography;
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Databases;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;
using Tutti.Testing;

namespace Tutti.System.Tests.Moving;

/// <summary>kill -9 of the commands that move things, at moments that a seed decides: given again, everything is there exactly once.</summary>
public sealed class MoveKillsTests : SystemTest
{
    private static int Kills => IsLong ? 30 : 3;

    [Fact]
    [Trait("Row", "C-1.2.3")]
    public async Task Export_import_and_cancel_are_given_again_after_a_kill_and_there_is_one_distributor_with_all_its_data()
    {
        var random = new Random(606);
        using var archives = new TemporaryFolder();
        var from = Own(new ServerHome(["trk", "dst"], "127.0.0.30", "127.0.0.30"));
        await from.SetUp(hub: null);
        var queue = Path.Combine("dst", "data", "large.bin");
        var content = new byte[20_000_000];
        random.NextBytes(content);
        await File.WriteAllBytesAsync(Path.Combine(from.Home, queue), content, Cancelled);
        var sum = SHA256.HashData(content);
        var tookPart = new HashSet<int>();
        for (var round = 0; round < Kills; round++)
        {
            var archive = archives.File($"{round}.tar");
            Func<bool>[] exporting = [() => File.Exists(archive + ".part"), () => File.Exists(Path.Combine(from.Home, "dst", "moved.json")), After(random.Next(100, 700))];
            await Kill(exporting[round % 3], from, "move", "export", "dst", "--out", archive);
            if (!File.Exists(archive))
            {
                // Killed before it was whole: if it is marked already it is taken back first, as the message says.
                var again = await from.Command("move", "export", "dst", "--out", archive);
                if (again.Code == 2)
                {
                    Assert.Contains("tutti move cancel dst", again.Error, StringComparison.Ordinal);
                    (await from.Command("move", "cancel", "dst", "--yes")).Expect(0);
                    (await from.Command("move", "export", "dst", "--out", archive)).Expect(0);
                }
            }

            Assert.NotEqual(0, (await from.Command("move", "export", "dst", "--out", archive + "2")).Code);
            Assert.False(File.Exists(archive + ".part"));

            await using var to = new ServerHome(["dst"], "127.0.0.31", "127.0.0.31");
            Func<bool>[] importing = [() => Directory.Exists(to.Home), () => Directory.Exists(to.Home) && Directory.GetDirectories(to.Home, ".import-*").Length > 0, After(random.Next(100, 700))];
            await Kill(importing[round % 3], to, "move", "import", archive, "--host", to.Host, "--set", $"server.InternalPort={to.InternalPort}");
            var imported = await to.Command("move", "import", archive, "--host", to.Host, "--set", $"server.InternalPort={to.InternalPort}");
            Assert.True(imported.Code == 0 || imported.Error.Contains("is already", StringComparison.Ordinal), imported.Error);
            Assert.Equal(sum, SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(to.Home, queue), Cancelled)));
            var ini = await File.ReadAllTextAsync(Path.Combine(to.Home, "conf", "server.ini"), Cancelled);
            Assert.Contains("\nComponents=dst\n", "\n" + ini, StringComparison.Ordinal);
            Assert.Contains($"\nInternalPort={to.InternalPort}", ini, StringComparison.Ordinal);
            tookPart.Add(imported.Code);

            // As if it had never been imported.
            await Kill(After(random.Next(50, 400)), from, "move", "cancel", "dst", "--yes");
            Assert.True((await from.Command("move", "cancel", "dst", "--yes")).Code is 0 or 2);
            Assert.Contains("\nComponents=dst,trk\n", "\n" + string.Join('\n', (await File.ReadAllLinesAsync(Path.Combine(from.Home, "conf", "server.ini"), Cancelled)).Select(Sorted)) + "\n", StringComparison.Ordinal);
            Assert.Equal(sum, SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(from.Home, queue), Cancelled)));
            File.Delete(archive);
        }

        Assert.Contains(0, tookPart);
        await from.Start();
    }

    [Fact]
    [Trait("Row", "C-1.0.9")]
    public async Task The_move_of_the_database_is_given_again_after_a_kill_and_every_row_is_there_once()
    {
        var random = new Random(707);
        var postgres = Own(new PostgresServer());
        using var url = DatabaseFile.Of(await postgres.CreateDatabase());
        var audience = Audience.Make(60, 707, troubled: 0);
        var outside = Own(new RecordingSmtpServer(audience.Behave));
        var players = Own(new Players(707));
        var run = CampaignRun.On(Own(await Installation.SetUp(separate: false, CampaignRun.Settings(outside, connections: 4))), audience, outside, players);
        await run.Installation.Start();
        await run.Send();
        for (var kill = 0; kill < Kills; kill++)
        {
            await KillCommand(After(random.Next(300, 2_500)), ["database", "move", "--database-url-file", url.Path, "--home", run.Installation.Home]);
        }

        var moved = await run.Installation.Command("database", "move", "--database-url-file", url.Path);
        Assert.True(moved.Code == 0 || moved.Error.Contains("nothing to move", StringComparison.Ordinal), moved.Error);
        Assert.True((await run.Installation.Command("component", "start", "lui")).Code is 0 or 2);

        await run.Finish(TimeSpan.FromMinutes(2));
        Assert.Empty((await Report.Fetch(run.Installation, run.Job, players)).Differences(players));
        Assert.Empty(new Ledger(audience, outside).Differences(await run.Receipt(), await run.Fates()));
        Assert.Contains("Database=postgres", await File.ReadAllTextAsync(Path.Combine(run.Installation.Home, "lui", "lui.ini"), Cancelled), StringComparison.Ordinal);
    }

    private static string Sorted(string line) => line.StartsWith("Components=", StringComparison.Ordinal) ? "Components=" + string.Join(',', line["Components=".Length..].Split(',').Order(StringComparer.Ordinal)) : line;

    private static Task Kill(Func<bool> moment, ServerHome server, params string[] command) => KillCommand(moment, [.. command, "--home", server.Home]);

    private static Func<bool> After(int milliseconds)
    {
        long? began = null;
        return () => Stopwatch.GetElapsedTime(began ??= Stopwatch.GetTimestamp()).TotalMilliseconds > milliseconds;
    }

    /// <summary>Lets a command run until a moment; it may have come to its end before.</summary>
    private static async Task KillCommand(Func<bool> moment, IReadOnlyList<string> arguments)
    {
        using var command = new ServerRun(arguments[1], arguments);
        while (!command.HasExited && !moment())
        {
            // Looked at all the time: what is waited for is over within milliseconds.
            await Task.Yield();
        }

        if (!command.HasExited)
        {
            await command.Kill();
        }
    }
}
