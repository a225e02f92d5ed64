// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Running;
using Tutti.Testing;

namespace Tutti.System.Tests.Joining;

/// <summary>An authority of the installation's own where each component has a process of its own, and where its hub changes its name.</summary>
public sealed class SeparateJoinTests : SystemTest
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    [Fact]
    [Trait("Row", "B-4")]
    [Trait("Row", "B-36")]
    [Trait("Row", "B-37")]
    [Trait("Row", "C-1.2.3")]
    [Trait("Row", "C-2.1.6")]
    public async Task Separate_processes_join_renew_and_switch_together_and_obey_the_hub_under_its_next_name()
    {
        using var archives = new TemporaryFolder();
        var hosts = Own(await Hosts.Make("old", "work", "next"));
        var layout = Own(hosts.Named(("old", "hub"), ("work", "lui,trk"), ("next", "hub")));
        var (old, work, next) = (layout.Servers[0], layout.Servers[1], layout.Servers[2]);
        await new JoiningLayout(layout).Begin("hub.WatchEvery=0.3s", "hub.CertificateCheckEvery=0.3s");

        // Both processes wait with one code.
        var printed = (await work.Command(
            "setup", "--components", "lui,trk", "--separate", "--host", work.Host, "--hub", old.Host, "--join", "--no-run",
            "--set", $"lui.PublicUrl={work.Web}", "--set", $"trk.PublicUrl={work.TrackerWeb}", "--set", "lui.HubEvery=0.3s")).Expect(0).Output;
        var address = printed.Split("tutti hub servers add ")[1].Split(' ')[0];
        using var lui = Run(work, "lui");
        using var trk = Run(work, "trk");
        await Waiting.Until(() => (lui.Output + trk.Output).Contains("waits on", StringComparison.Ordinal), _patience, Explain);
        (await old.Command("hub", "servers", "add", address, "--code", JoiningLayout.CodeIn(printed))).Expect(0);
        await AreSecured(old);
        Assert.Equal((false, false), (lui.HasExited, trk.HasExited));

        // One of them installs the renewed certificate, both show it; and all change between secured and plain at once.
        var serial = SteadyCalls.CertificateOf(work).SerialNumber;
        (await old.Command("cluster", "renew", work.Host)).Expect(0);
        var renewed = SteadyCalls.CertificateOf(work).SerialNumber;
        Assert.NotEqual(serial, renewed);
        await Waiting.Until(async () => (await Rows(old, work)).All(row => row.GetProperty("serial").GetString() == renewed), _patience, Explain);
        (await old.Command("cluster", "switch", "--back")).Expect(0);
        (await old.Command("cluster", "switch")).Expect(0);
        await AreSecured(old);

        // The hub gets another server and with it another name.
        (await old.Command("cluster", "announce", next.Host)).Expect(0);
        (await old.Command("move", "export", "hub", "--out", archives.File("hub.tar"))).Expect(0);
        await old.Stop();
        (await next.Command("move", "import", archives.File("hub.tar"), "--host", next.Host)).Expect(0);
        next.Launch();
        await JoiningLayout.Ready(next);
        await AreSecured(next);
        (await work.Command("hub", "at", next.Host)).Expect(0);

        // It renews and shortens lists as before, and its own certificate is in its records now.
        (await next.Command("hub", "servers", "remove", old.Host, "--yes", "--force")).Expect(0);
        (await next.Command("cluster", "renew")).Expect(0);
        Assert.NotEqual(renewed, SteadyCalls.CertificateOf(work).SerialNumber);
        Assert.Equal([next.Host, work.Host], await JoiningLayout.Allowed(work));
        Assert.Equal([next.Host, work.Host], await JoiningLayout.Allowed(next));
        (await next.Command("link", "check", "--all")).Expect(0);
        Assert.Equal((false, false), (lui.HasExited, trk.HasExited));

        string Explain() => string.Join("\n\n", layout.Explain(), lui.Output, trk.Output);

        // Every process of the working server, and whoever carries the hub.
        Task AreSecured(ServerHome hub) => Waiting.Until(
            async () => await Rows(hub, work) is { Count: 2 } rows
                && rows.All(row => row.GetProperty("corridor").GetString() == "secured" && row.GetProperty("answers").GetBoolean() && row.GetProperty("components").EnumerateArray().All(component => component.GetProperty("ready").GetBoolean())),
            _patience,
            Explain);
    }

    private static ServerRun Run(ServerHome server, string component) => new(component, ["run", "--home", server.Home, "--only", component], server.Network);

    private static async Task<List<JsonElement>> Rows(ServerHome hub, ServerHome server)
    {
        var list = await hub.Command("hub", "servers", "list", "--json");
        return list.LastLine.StartsWith('{')
            ? [.. JsonDocument.Parse(list.LastLine).RootElement.GetProperty("servers").EnumerateArray().Where(row => row.GetProperty("host").GetString() == server.Host)]
            : [];
    }
}
