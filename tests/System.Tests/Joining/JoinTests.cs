// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;

namespace Tutti.System.Tests.Joining;

/// <summary>Servers let in with a code, on hosts of their own with real processes.</summary>
public sealed class JoinTests : SystemTest
{
    private const int Seed = 31;
    private const string Recommended = "lui,hub | trk | dst";

    [Fact]
    [Trait("Row", "B-4")]
    [Trait("Row", "C-2.2.0.19")]
    public async Task Servers_let_in_with_a_code_run_a_campaign_over_the_secured_corridor()
    {
        var audience = Audience.Make(60, Seed);
        var hosts = Own(await Hosts.Make(Hosts.NamesFor(Recommended)));
        var outside = Own(new RecordingSmtpServer(audience.Behave, hosts.Outside));
        var players = Own(new Players(Seed));
        var layout = Own(hosts.Layout(Recommended));
        var installation = new JoiningLayout(layout);
        var run = CampaignRun.On(layout, audience, outside, players);
        var settings = CampaignRun.Settings(outside, connections: 4);

        await installation.Begin(settings);
        await installation.Join(layout.At("trk"), settings);
        await installation.Join(layout.At("dst"), settings);
        await run.Send();
        await run.Finish(TimeSpan.FromMinutes(3));

        Assert.Empty(new Ledger(audience, outside).Differences(await run.Receipt(), await run.Fates()));
        string[] all = [.. layout.Servers.Select(server => server.Host).Order(StringComparer.Ordinal)];
        foreach (var server in layout.Servers)
        {
            Assert.Equal(all, await JoiningLayout.Allowed(server));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(server.Home, "conf", "keystore.p12")));
            Assert.Single((await server.Command("cert", "trust", "list")).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.Contains("SHA-256", StringComparison.Ordinal));
            Assert.DoesNotContain("[ssl.", server.Run.Output, StringComparison.Ordinal);
        }

        (await layout.At("hub").Command("link", "check", "--all")).Expect(0);
    }

    [Fact]
    [Trait("Row", "B-4")]
    [Trait("Row", "B-37")]
    public async Task A_code_is_good_for_its_server_only_and_once()
    {
        var hosts = Own(await Hosts.Make(Hosts.NamesFor(Recommended)));
        var layout = Own(hosts.Layout(Recommended));
        var installation = new JoiningLayout(layout);
        var (trk, dst) = (layout.At("trk"), layout.At("dst"));
        await installation.Begin();
        var (ofTrk, ofDst) = (await JoiningLayout.SetUp(trk), await JoiningLayout.SetUp(dst));
        trk.Launch();
        dst.Launch();
        await JoiningLayout.Waits(trk);
        await JoiningLayout.Waits(dst);

        // For another host, mistyped, and for a port where nobody waits.
        Assert.Contains("another key", (await installation.Add(dst, ofTrk)).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("no join code", (await installation.Add(trk, ofTrk[..^1])).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("authority of its own already", (await layout.At("hub").Command("cluster", "init")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal([layout.At("hub").Host], await JoiningLayout.Allowed(layout.At("hub")));

        (await installation.Add(trk, ofTrk)).Expect(0);
        await JoiningLayout.Ready(trk);
        (await installation.Add(dst, ofDst)).Expect(0);
        await JoiningLayout.Ready(dst);

        // The same command again finds that it was done; the code opens nothing any more.
        (await installation.Add(trk, ofTrk)).Expect(0);
        Assert.False(File.Exists(Path.Combine(trk.Home, "conf", "join.json")));
    }

    [Fact]
    [Trait("Row", "X-16")]
    public async Task Three_plain_servers_are_switched_to_secured_and_back_in_the_middle_of_a_campaign()
    {
        var audience = Audience.Make(150, Seed);
        var hosts = Own(await Hosts.Make(Hosts.NamesFor(Recommended)));
        var outside = Own(new RecordingSmtpServer(audience.Behave, hosts.Outside));
        var players = Own(new Players(Seed));
        var layout = Own(hosts.Layout(Recommended));
        var installation = new JoiningLayout(layout);
        var run = CampaignRun.On(layout, audience, outside, players);
        var hub = layout.At("hub");
        await layout.SetUp(Seed, [.. CampaignRun.Settings(outside, connections: 4, rate: 5), "hub.SwitchWithin=15s"]);
        await layout.Start(Seed);

        Assert.Contains("stays plain", (await hub.Command("cluster", "init")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("dst.tutti.test", (await hub.Command("cluster", "switch")).Expect(2).Error, StringComparison.Ordinal);
        foreach (var server in (ServerHome[])[layout.At("trk"), layout.At("dst")])
        {
            var code = JoiningLayout.CodeIn((await server.Command("cluster", "prepare")).Expect(0).Output);
            (await installation.Add(server, code)).Expect(0);
        }

        await NamesWhoDoesNotFollow(layout, layout.At("trk"));
        await run.Send();
        await Running.Waiting.Until(() => outside.Messages.Count > 5, TimeSpan.FromMinutes(1), layout.Explain);
        (await hub.Command("cluster", "switch")).Expect(0);
        foreach (var server in layout.Servers)
        {
            Assert.True(File.Exists(Path.Combine(server.Home, "commands", "ssl.ini")));
            Assert.False(server.Run.HasExited);
        }

        var before = outside.Messages.Count;
        await Running.Waiting.Until(() => outside.Messages.Count > before + 5, TimeSpan.FromMinutes(1), layout.Explain);
        (await hub.Command("link", "check", "--all")).Expect(0);
        (await hub.Command("cluster", "switch", "--back")).Expect(0);
        Assert.All(layout.Servers, server => Assert.False(File.Exists(Path.Combine(server.Home, "commands", "ssl.ini"))));
        (await hub.Command("cluster", "switch")).Expect(0);

        await run.Finish(TimeSpan.FromMinutes(5));
        Assert.Empty(new Ledger(audience, outside).Differences(await run.Receipt(), await run.Fates()));
    }

    /// <summary>One that cannot be switched, because its keystore was damaged since it was prepared, is named; and all go back.</summary>
    private static async Task NamesWhoDoesNotFollow(Layout layout, ServerHome broken)
    {
        var hub = layout.At("hub");
        var keystore = Path.Combine(broken.Home, "conf", "keystore.p12");
        var good = await File.ReadAllBytesAsync(keystore, Cancelled);
        Running.CommandResult switched;
        do
        {
            // A server looks at its files now and then: if it has found the damage first, nothing is switched at all.
            await File.WriteAllBytesAsync(keystore, [1], Cancelled);
            switched = await hub.Command("cluster", "switch");
            await File.WriteAllBytesAsync(keystore, good, Cancelled);
            if (switched.Code != 3)
            {
                Assert.Contains("Nothing was changed", switched.Expect(2).Error, StringComparison.Ordinal);
                (await broken.Command("cert", "reload")).Expect(0);
            }
        }
        while (switched.Code != 3);

        Assert.Contains($"{broken.Host}:1099 did not come back secured in time", switched.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(hub.Home, "commands", "ssl.ini")));
        (await hub.Command("cluster", "switch", "--back")).Expect(0);
        Assert.All(layout.Servers, server => Assert.False(File.Exists(Path.Combine(server.Home, "commands", "ssl.ini"))));
        (await broken.Command("cert", "reload")).Expect(0);
    }
}
