// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Joining;

/// <summary>What happens to an installation with an authority of its own in the course of time; certificates live for seconds here.</summary>
public sealed class ClusterLifeTests : SystemTest
{
    private const int Seed = 37;
    private static readonly TimeSpan _life = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    [Fact]
    [Trait("Row", "B-1")]
    [Trait("Row", "B-4")]
    [Trait("Row", "B-12")]
    [Trait("Row", "B-20")]
    [Trait("Row", "B-36")]
    [Trait("Row", "B-40")]
    public async Task Certificates_are_renewed_under_load_taken_back_and_come_back_after_their_end()
    {
        var audience = Audience.Make(120, Seed);
        var hosts = Own(await Hosts.Make("ui", "trk", "dst", "late"));
        var outside = Own(new RecordingSmtpServer(audience.Behave, hosts.Outside));
        var players = Own(new Players(Seed));
        var layout = Own(hosts.Named(("ui", "lui,hub"), ("trk", "trk"), ("dst", "dst"), ("late", "dst")));
        var (ui, trk, dst, late) = (layout.Servers[0], layout.Servers[1], layout.Servers[2], layout.Servers[3]);
        var installation = new JoiningLayout(layout);
        var run = CampaignRun.On(layout, audience, outside, players);
        var settings = CampaignRun.Settings(outside, connections: 4, rate: 3);
        await installation.Begin([.. settings, $"hub.CertificateLife={_life.TotalSeconds}s", "hub.CertificateCheckEvery=0.5s"]);
        await installation.Join(trk, settings);
        await installation.Join(dst, settings);
        var first = new[] { ui, trk, dst }.ToDictionary(server => server, server => SteadyCalls.CertificateOf(server).SerialNumber);

        var joined = new Dictionary<ServerHome, int>();

        // Calls run all the time, and a campaign; in the middle of it a further server joins, and every certificate is renewed.
        await using (var calls = new SteadyCalls(trk, ui, dst, trk))
        {
            await run.Send();
            await Waiting.Until(() => outside.Messages.Count > 5, _patience, layout.Explain);
            await installation.Join(late, settings);
            first[late] = SteadyCalls.CertificateOf(late).SerialNumber;
            await Waiting.Until(() => installation.Answers(late), _patience, layout.Explain);
            foreach (var server in layout.Servers)
            {
                joined[server] = (await Log(server)).Length;
            }

            await Waiting.Until(() => first.All(server => SteadyCalls.CertificateOf(server.Key).SerialNumber != server.Value), _patience, layout.Explain);
            await Waiting.Until(() => new[] { ui, trk, dst }.All(server => calls.Serials(server).Any(serial => serial != first[server])), _patience, () => "No new certificate was seen.\n" + layout.Explain());
            await run.Finish(_patience);

            Assert.True(calls.Failures.Count == 0, string.Join('\n', calls.Failures));
            Assert.True(calls.Served > 200, $"{calls.Served} calls");
        }

        Assert.Empty(new Ledger(audience, outside).Differences(await run.Receipt(), await run.Fates()));
        foreach (var server in layout.Servers)
        {
            Assert.False(server.Run.HasExited);
            // A server that is on its way into the installation turns the hub's first look away until it has started.
            Assert.DoesNotContain((await Log(server))[joined[server]..].Split('\n'), line => line.Contains("refused [", StringComparison.Ordinal));
        }

        await Remove(layout, late);
        var over = await StopBeforeTheEnd(dst);
        await Revoke(installation, ui, trk);
        await ComeBack(installation, dst, over);
        (await ui.Command("link", "check", "--all")).Expect(0);
    }

    private static Task<string> Log(ServerHome server) => File.ReadAllTextAsync(Path.Combine(server.Home, "logs", "server.log"), Cancelled);

    /// <summary>A removed server is let in by nobody any more, also over connections that are open.</summary>
    private static async Task Remove(Layout layout, ServerHome late)
    {
        var others = layout.Servers.Where(server => server != late).ToList();
        await using var calls = new SteadyCalls(late, [.. others]);
        await Waiting.Until(() => calls.Served > 10, _patience, () => string.Join('\n', calls.Failures));
        Assert.Empty(calls.Failures);
        (await layout.At("hub").Command("hub", "servers", "remove", late.Host, "--yes", "--force")).Expect(0);

        Assert.All(others, server => Assert.DoesNotContain(late.Host, File.ReadAllText(Path.Combine(server.Home, "commands", "ssl.ini")), StringComparison.Ordinal));
        await Waiting.Until(
            () => others.All(server => calls.Failures.Any(failure => failure.StartsWith(server.Host, StringComparison.Ordinal))),
            _patience,
            () => $"It is still let in somewhere: {string.Join('\n', calls.Failures)}");
        foreach (var server in others)
        {
            Assert.Contains("Connection refused [tls.name-not-allowed] port=1099", await Log(server), StringComparison.Ordinal);
        }

        await late.Stop();
    }

    /// <summary>Ends a server; answers when its certificate will be over.</summary>
    private static async Task<DateTime> StopBeforeTheEnd(ServerHome server)
    {
        await server.Stop();
        return SteadyCalls.CertificateOf(server).NotAfter.ToUniversalTime();
    }

    /// <summary>A revoked certificate opens nothing any more; a new code brings its server back.</summary>
    private static async Task Revoke(JoiningLayout installation, ServerHome ui, ServerHome trk)
    {
        await using (var calls = new SteadyCalls(trk, ui))
        {
            await Waiting.Until(() => calls.Served > 10, _patience, () => string.Join('\n', calls.Failures));
            Assert.Empty(calls.Failures);
            Assert.Contains("renew", (await ui.Command("cluster", "revoke", ui.Host, "--yes")).Expect(2).Error, StringComparison.Ordinal);
            Assert.Contains("no certificate", (await ui.Command("cluster", "revoke", "nobody.tutti.test", "--yes")).Expect(2).Error, StringComparison.Ordinal);
            (await ui.Command("cluster", "revoke", trk.Host, "--yes")).Expect(0);
            var before = calls.Served;
            await Waiting.Until(() => calls.Failures.Count > 1, _patience, () => $"{calls.Served - before} calls were served after the revocation.");
        }

        Assert.Contains("Connection refused [tls.revoked] port=1099", await Log(ui), StringComparison.Ordinal);
        Assert.Contains("tls.revoked", (await ui.Command("link", "check")).Expect(2).Output, StringComparison.Ordinal);
        await trk.Stop();
        await Renew(installation, trk, "--anew");
        await trk.Start(JoiningLayout.Ready);
    }

    /// <summary>A server that was off until its certificate was over does not start, and comes back with a code.</summary>
    private static async Task ComeBack(JoiningLayout installation, ServerHome server, DateTime over)
    {
        await Waiting.Until(() => TimeProvider.System.GetUtcNow().UtcDateTime > over.AddSeconds(1), _life + _patience, () => "The clock stands still.");
        Assert.Contains("[ssl.cert-expired]", (await server.Command("run")).Expect(78).Error, StringComparison.Ordinal);
        await Renew(installation, server);
        await server.Start(JoiningLayout.Ready);
    }

    private static async Task Renew(JoiningLayout installation, ServerHome server, params string[] options)
    {
        using var renewing = new ServerRun("renew", ["cert", "renew", "--code", .. options, "--home", server.Home], server.Network);
        await Waiting.Until(() => renewing.Output.Contains("Join code: ", StringComparison.Ordinal), _patience, () => renewing.Output);
        CommandResult? added = null;
        await Waiting.Until(async () => (added = await installation.Add(server, JoiningLayout.CodeIn(renewing.Output))).Code == 0, _patience, () => $"{added!.Error}\n{renewing.Output}");
        Assert.Equal(0, await renewing.Ended());
    }
}
