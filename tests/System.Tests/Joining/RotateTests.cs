// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Running;
using Tutti.Testing;

namespace Tutti.System.Tests.Joining;

/// <summary>Another authority in the place of an installation's own, on hosts of their own with real processes.</summary>
public sealed class RotateTests : SystemTest
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    [Fact]
    [Trait("Row", "B-37")]
    [Trait("Row", "B-38")]
    public async Task The_authority_is_changed_under_load_waits_for_a_server_that_is_off_and_survives_a_kill_of_the_hub()
    {
        var hosts = Own(await Hosts.Make("ui", "trk", "dst"));
        var layout = Own(hosts.Named(("ui", "lui,hub"), ("trk", "trk"), ("dst", "dst")));
        var (ui, trk, dst) = (layout.Servers[0], layout.Servers[1], layout.Servers[2]);
        var installation = new JoiningLayout(layout);
        await installation.Begin("hub.CertificateCheckEvery=0.5s", "hub.OldRootFor=3s");
        await installation.Join(trk);
        await installation.Join(dst);
        var old = layout.Servers.ToDictionary(server => server, server => SteadyCalls.CertificateOf(server).Issuer);
        await Kept(ui);

        // One that is off holds the first stage up; everybody still trusts the old root.
        await dst.Stop();
        await using (var calls = new SteadyCalls(ui, trk))
        {
            var waits = (await ui.Command("cluster", "rotate")).Expect(3);
            Assert.Contains("Stage 1 of 3", waits.Output, StringComparison.Ordinal);
            Assert.Contains($"waits for {dst.Host}:1099", waits.Error, StringComparison.Ordinal);
            Assert.Equal(2, await Roots(trk));
            Assert.Contains("waits for", (await ui.Command("status")).Output, StringComparison.Ordinal);

            // Killed in the middle, the hub goes on by itself; no call between others fails.
            await ui.Kill();
            ui.Launch();
            await JoiningLayout.Ready(ui);
            await dst.Start(JoiningLayout.Ready);
            await Waiting.Until(() => layout.Servers.All(server => SteadyCalls.CertificateOf(server).Issuer != old[server]), _patience, layout.Explain);
            await Waiting.Until(async () => (await Task.WhenAll(layout.Servers.Select(Roots))).All(roots => roots == 1), _patience, layout.Explain);
            var served = calls.Served;
            await Waiting.Until(() => calls.Served > served + 50, _patience, layout.Explain);
            Assert.True(calls.Failures.Count == 0, string.Join('\n', calls.Failures));
        }

        Assert.Contains("not being changed", (await ui.Command("cluster", "rotate", "--continue")).Expect(2).Error, StringComparison.Ordinal);
        (await ui.Command("link", "check", "--all")).Expect(0);
        foreach (var server in layout.Servers)
        {
            // The steady caller does not open a new connection when its server's certificate changes, as the product does.
            var log = await File.ReadAllLinesAsync(Path.Combine(server.Home, "logs", "server.log"), Cancelled);
            Assert.DoesNotContain(log, line => line.Contains("Connection refused [", StringComparison.Ordinal) && !line.Contains($"peer={hosts.Outside}:", StringComparison.Ordinal));
        }
    }

    /// <summary>The key in the safe: opened by nothing but the passphrase, and good for the day on which the hub's own copy is lost.</summary>
    private static async Task Kept(ServerHome hub)
    {
        var passphrase = Path.Combine(hub.Home, "passphrase");
        var safe = Path.Combine(hub.Home, "safe.p12");
        await File.WriteAllTextAsync(passphrase, "too short\n", Cancelled);
        Assert.Contains("at least 12", (await hub.Command("cluster", "export", safe, "--passphrase-file", passphrase)).Expect(64).Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(passphrase, "correct horse battery\n", Cancelled);
        (await hub.Command("cluster", "export", safe, "--passphrase-file", passphrase)).Expect(0);
        Assert.Contains("exists already", (await hub.Command("cluster", "export", safe, "--passphrase-file", passphrase)).Expect(2).Error, StringComparison.Ordinal);

        Assert.Contains("PRIVATE KEY", await Tool.Run("openssl", ["pkcs12", "-in", safe, "-passin", $"file:{passphrase}", "-nodes"]), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => Tool.Run("openssl", ["pkcs12", "-in", safe, "-passin", "pass:a wrong passphrase", "-nodes"]));

        Assert.Contains("authority already", (await hub.Command("cluster", "restore", safe, "--passphrase-file", passphrase)).Expect(2).Error, StringComparison.Ordinal);
        var key = Path.Combine(hub.Home, "hub", "data", "authority.p12");
        File.Delete(key);
        (await hub.Command("cluster", "restore", safe, "--passphrase-file", passphrase)).Expect(0);
        Assert.True(File.Exists(key));
        (await hub.Command("cluster", "renew", hub.Host)).Expect(0);
    }

    private static async Task<int> Roots(ServerHome server) =>
        (await server.Command("cert", "trust", "list")).Expect(0).Output.Split('\n').Count(line => line.Contains("SHA-256", StringComparison.Ordinal));
}
