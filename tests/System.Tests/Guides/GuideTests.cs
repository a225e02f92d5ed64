// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;
using Tutti.Testing;

namespace Tutti.System.Tests.Guides;

/// <summary>The commands of the guides, run as they stand there on hosts with the names that they use.</summary>
public sealed class GuideTests : SystemTest
{
    private const int Seed = 41;

    [Fact]
    [Trait("Row", "C-1.0.12")]
    [Trait("Row", "C-1.0.15")]
    [Trait("Row", "C-1.1.6")]
    [Trait("Row", "C-1.1.7")]
    [Trait("Row", "C-1.2.4")]
    public async Task The_four_servers_of_the_guide_run_a_campaign_and_the_distributor_moves_as_the_guide_says()
    {
        using var folder = new TemporaryFolder();
        var hosts = Own(await Hosts.Make("ui", "trk", "dst", "new"));
        var postgres = Own(PostgresServer.ReachedAt(hosts.Outside.ToString()));
        var database = await postgres.CreateDatabase();
        var outside = Own(new RecordingSmtpServer(address: hosts.Outside));
        var layout = Own(hosts.Named(("ui", "lui,hub"), ("trk", "trk"), ("dst", "dst"), ("new", "dst")));
        var shell = new GuideShell(layout, folder, hosts.Outside.ToString(), postgres.Port);
        await File.WriteAllTextAsync(folder.File("admin-password"), ServerHome.AdminPassword + "\n", Cancelled);

        // The database, then one command for each server, then one for each that HUB shall know.
        await shell.Run(Guide.Read("database.md").Below("## On PostgreSQL from the start")[0]);
        await shell.Run(new GuideBlock("ui", Guide.Read("database.md").Below("## On PostgreSQL from the start")[1].Commands.Split('\n')[0]));
        var started = Stopwatch.GetTimestamp();
        var blocks = Guide.Read("distribute.md").Below("## Four servers, for many recipients");
        Assert.Equal((1, 1, 1, 2), (Setups("trk"), Setups("dst"), Setups("ui"), Commands("hub servers add")));
        foreach (var block in blocks.Where(block => block.Commands.Contains("tutti setup", StringComparison.Ordinal)))
        {
            await shell.Run(block);
        }

        foreach (var server in layout.Servers.Take(3))
        {
            await server.Configure([.. CampaignRun.Settings(outside, connections: 4), $"trk.PublicUrl={layout.Servers[1].TrackerWeb}"]);
            await server.Start();
        }

        var list = await shell.Run(blocks[^1]);
        Assert.Contains("dst.tutti.test", list, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(2));
        await Campaign(layout, outside, Seed);
        Assert.False(string.IsNullOrEmpty(database));

        // How its lanes go, and a file of its own for them.
        var lanes = Guide.Read("lanes.md");
        await shell.Run(lanes.Below("## The file")[0]);
        var shown = await shell.Run(lanes.Below("## Look")[0]);
        Assert.Contains($"{outside.Address}  closed", shown, StringComparison.Ordinal);
        Assert.Contains("        50          0          0\n", shown, StringComparison.Ordinal);

        // The distributor gets another host.
        var move = Guide.Read("move.md").Below("## A distributor");
        foreach (var block in move)
        {
            await shell.Run(block with { Commands = block.Commands.Replace("dst.example.com", "new.example.com", StringComparison.Ordinal) });
            if (block.Host == "new")
            {
                await layout.Servers[3].Start();
            }
        }

        await Campaign(layout, outside, Seed + 1);

        int Setups(string host) => blocks.Count(block => block.Host == host && block.Commands.Contains("tutti setup", StringComparison.Ordinal));
        int Commands(string command) => blocks.Sum(block => block.Commands.Split('\n').Count(line => line.Contains(command, StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Row", "C-0.1")]
    public async Task Every_guide_names_the_version_it_was_checked_with()
    {
        var version = (await Executable.Run("--version")).Expect(0).LastLine.Split('+')[0];

        Assert.All(Guide.Names, name => Assert.Contains($"Checked with Tutti {version}", Guide.Read(name).Text, StringComparison.Ordinal));
    }

    private async Task Campaign(Layout layout, RecordingSmtpServer outside, int seed)
    {
        var audience = Audience.Make(50, seed, troubled: 0);
        var before = outside.Messages.Count;
        var players = Own(new Players(seed));
        var run = CampaignRun.On(layout, audience, outside, players);
        await run.Send();
        await run.Finish(TimeSpan.FromMinutes(2));
        Assert.Equal(50, outside.Messages.Count - before);
        Assert.Equal(50, (await run.Receipt()).Accepted);
        Assert.Equal(50, Receipt.Read((await layout.Rest($"jobs/{run.Job}/receipt"))!).Planned);
    }
}
