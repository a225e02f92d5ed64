// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;
using Tutti.Testing;

namespace Tutti.System.Tests.Moving;

/// <summary>Components change their server in the middle of a campaign: nobody is lost or written to twice, and there are never two of one.</summary>
public sealed class MoveTests : SystemTest
{
    private const int Seed = 91;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    [Fact]
    [Trait("Row", "C-1.2.1")]
    [Trait("Row", "C-1.2.3")]
    public async Task A_distributor_and_a_tracker_move_from_one_server_with_everything_to_servers_of_their_own()
    {
        using var archives = new TemporaryFolder();
        var audience = Audience.Make(600, Seed);
        var outside = Own(new RecordingSmtpServer(audience.Behave));
        var players = Own(new Players(Seed));
        var layout = Own(Layout.Of("lui,hub,trk,dst | dst | trk"));
        var (all, dst, trk) = (layout.Servers[0], layout.Servers[1], layout.Servers[2]);
        await all.SetUp(hub: null, CampaignRun.Settings(outside, connections: 4, rate: 60));
        await all.Start();
        var run = CampaignRun.On(layout, audience, outside, players);
        await run.Send();
        await Came(run, layout, 100);

        // The distributor with its queue, its journal and its keys.
        var archive = archives.File("dst.tar");
        (await all.Command("move", "export", "dst", "--out", archive)).Expect(0);
        Assert.Contains("tutti move cancel dst", (await all.Command("component", "start", "dst")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("tutti move cancel dst", (await all.Command("move", "export", "dst", "--out", archive + "2")).Expect(2).Error, StringComparison.Ordinal);
        await dst.Import(archive);
        await dst.Start();
        (await all.Command("hub", "servers", "add", dst.Peer)).Expect(0);
        await Came(run, layout, 350);

        // The tracker; its address stays the one that is in the letters, as the DNS would see to it.
        archive = archives.File("trk.tar");
        Assert.Contains("dead", (await all.Command("move", "export", "trk", "--out", archive)).Expect(64).Error, StringComparison.Ordinal);
        await run.Read();
        (await all.Command("move", "export", "trk", "--out", archive, "--yes")).Expect(0);
        await trk.Import(archive, [$"server.TrackerWebPort={all.TrackerWebPort}", $"server.Bind={all.Address}", $"server.HostName={all.Address}", $"server.InternalPort={trk.InternalPort}", $"server.TrackerPort={trk.TrackerPort}"]);
        await all.Stop();
        (trk.ReadyAt, all.ReadyAt) = (all.Address, all.Address);
        await trk.Start();
        await all.Start();
        (await all.Command("hub", "servers", "add", $"{all.Address}:{trk.InternalPort}")).Expect(0);

        await run.Finish(_patience);
        var report = await Report.Fetch(layout, run.Job, players);
        Assert.Empty(report.Differences(players));
        Assert.Empty(new Ledger(audience, outside).Differences(await run.Receipt(), await run.Fates()));
        Assert.Equal("hub,lui", (await File.ReadAllLinesAsync(Path.Combine(all.Home, "conf", "server.ini"), Cancelled)).Single(line => line.StartsWith("Components=", StringComparison.Ordinal))["Components=".Length..]);
    }

    [Fact]
    [Trait("Row", "C-1.2.1")]
    [Trait("Row", "C-1.2.3")]
    public async Task What_is_damaged_taken_or_from_another_version_is_not_imported_and_changes_nothing()
    {
        using var archives = new TemporaryFolder();
        var (from, to) = (Own(new ServerHome(["trk", "dst"], "127.0.0.20", "127.0.0.20")), Own(new ServerHome(["trk"], "127.0.0.21", "127.0.0.21")));
        await from.SetUp(hub: null);
        await to.SetUp(hub: null);
        var before = await File.ReadAllTextAsync(Path.Combine(to.Home, "conf", "server.ini"), Cancelled);
        var archive = archives.File("both.tar");
        (await from.Command("move", "export", "dst", "--out", archive)).Expect(0);
        Assert.Contains("exists already", (await from.Command("move", "export", "trk", "--out", archive, "--yes")).Expect(2).Error, StringComparison.Ordinal);

        var whole = await File.ReadAllBytesAsync(archive, Cancelled);
        await Refused(archives, to, "is damaged", whole[..(whole.Length / 2)]);
        await Refused(archives, to, "is damaged", Flipped(whole, whole.AsSpan().IndexOf("Distributor: queue"u8)));
        await Refused(archives, to, "not an archive", "no tar at all"u8.ToArray());
        await Refused(archives, to, "was written by version", Replaced(whole, "\"Version\":\"0", "\"Version\":\"7"));
        (await from.Command("move", "export", "trk", "--out", archive + ".trk", "--yes")).Expect(0);
        Assert.Contains("is there already", (await to.Command("move", "import", archive + ".trk")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(to.Home, "conf", "server.ini"), Cancelled));
        Assert.False(Directory.Exists(Path.Combine(to.Home, "dst")));

        // As a kill just before the last step leaves it: the folder is in place, the list does not name it. The command is given again.
        (await to.Command("move", "import", archive)).Expect(0);
        await File.WriteAllTextAsync(Path.Combine(to.Home, "conf", "server.ini"), before, Cancelled);
        (await to.Command("move", "import", archive)).Expect(0);
        Assert.Contains("is there already", (await to.Command("move", "import", archive)).Expect(2).Error, StringComparison.Ordinal);

        // Taken for never imported: it may be taken back.
        Assert.Contains("exported", (await Executable.Run("run", "--home", from.Home)).Expect(78).Error, StringComparison.Ordinal);
        (await from.Command("move", "cancel", "trk")).Expect(64);
        (await from.Command("move", "cancel", "trk", "--yes")).Expect(0);

        // The one that was imported elsewhere comes back with what became of it there, and with nothing older.
        Assert.Contains("is what was exported from here", (await from.Command("move", "import", archive)).Expect(2).Error, StringComparison.Ordinal);
        (await to.Command("move", "export", "dst", "--out", archive + ".back")).Expect(0);
        (await from.Command("move", "import", archive + ".back")).Expect(0);
        Assert.Contains("is there already", (await from.Command("move", "import", archive + ".back")).Expect(2).Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(to.Home, "dst", "moved.json")));
        await from.Start();
        await from.Stop();
        (await from.Command("move", "export", "dst", "--out", archive + ".third")).Expect(0);
        Assert.Contains("it is older", (await from.Command("move", "import", archive + ".back")).Expect(2).Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(from.Home, "dst", "moved.json")));
    }

    private static async Task Refused(TemporaryFolder archives, ServerHome server, string words, byte[] archive)
    {
        var file = archives.File("wrong.tar");
        await File.WriteAllBytesAsync(file, archive, Cancelled);
        Assert.Contains(words, (await server.Command("move", "import", file)).Expect(2).Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetDirectories(server.Home), folder => Path.GetFileName(folder).StartsWith(".import", StringComparison.Ordinal));
    }

    private static byte[] Flipped(byte[] bytes, int at)
    {
        var changed = bytes.ToArray();
        changed[at] ^= 1;
        return changed;
    }

    private static byte[] Replaced(byte[] bytes, string old, string now)
    {
        var changed = bytes.ToArray();
        global::System.Text.Encoding.ASCII.GetBytes(now).CopyTo(changed, bytes.AsSpan().IndexOf(global::System.Text.Encoding.ASCII.GetBytes(old)));
        return changed;
    }

    private static Task Came(CampaignRun<Layout> run, Layout layout, int goal) => Waiting.Until(
        async () =>
        {
            await run.Read();
            return run.Outside.Messages.Count >= goal;
        },
        _patience,
        () => $"Only {run.Outside.Messages.Count} of {goal} messages came.\n{layout.Explain()}");
}
