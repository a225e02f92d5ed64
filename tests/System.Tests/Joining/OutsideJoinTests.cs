// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Joining;

/// <summary>A server let in with a code where the certificates come from an authority outside, here openssl's.</summary>
public sealed class OutsideJoinTests : SystemTest
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    [Fact]
    [Trait("Row", "B-4")]
    [Trait("Row", "B-40")]
    [Trait("Row", "C-2.2.0.7")]
    public async Task The_code_brings_roots_and_list_and_the_certificate_comes_from_outside()
    {
        const string Division = "lui,hub | trk";
        var hosts = Own(await Hosts.Make(Hosts.NamesFor(Division)));
        var layout = Own(hosts.Layout(Division));
        var authority = Own(new SecuredHosts());
        var installation = new JoiningLayout(layout);
        var (hub, trk) = (layout.At("hub"), layout.At("trk"));
        await hub.SetUp(null);
        await authority.MakeAuthority();
        await authority.Secure(hub, 1, hub.Host);
        await hub.Start(JoiningLayout.Ready);

        var code = await JoiningLayout.SetUp(trk);
        trk.Launch();
        await JoiningLayout.Waits(trk);
        var added = (await installation.Add(trk, code)).Expect(0);

        // What people have to do next, on both sides; their own list nobody touches.
        var line = $"SSLAllowedClients={hub.Host},{trk.Host}";
        Assert.Contains($"note: {trk.Host}:1099 has the trusted roots and the list of servers. What it lacks is a certificate of your authority", added.Output, StringComparison.Ordinal);
        Assert.Contains($"is not let in yet by {hub.Host}. The line for commands/ssl.ini there: {line}", added.Output, StringComparison.Ordinal);
        Assert.Equal([hub.Host], await JoiningLayout.Allowed(hub));
        await Waiting.Until(() => trk.Run.HasExited, _patience, () => trk.Run.Output);
        Assert.Equal(78, trk.Run.ExitCode);
        Assert.Contains($"tutti cert create --home {trk.Home}", trk.Run.Output, StringComparison.Ordinal);
        Assert.Equal([hub.Host, trk.Host], await JoiningLayout.Allowed(trk));

        // Each state says which step is next; nobody is asked for a password.
        Assert.Contains("[ssl.keystore-missing]", (await trk.Command("run")).Expect(78).Error, StringComparison.Ordinal);
        Assert.Contains("Next: tutti cert request", (await trk.Command("cert", "create")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("[ssl.cert-unsigned]", (await trk.Command("run")).Expect(78).Error, StringComparison.Ordinal);
        Assert.Contains("tutti cert install", (await trk.Command("cert", "request", "--out", authority.File(trk.Host + ".csr"))).Expect(0).Output, StringComparison.Ordinal);
        await authority.Sign(trk.Host);
        (await trk.Command("cert", "install", authority.File(trk.Host + ".pem"))).Expect(0);

        var ini = Path.Combine(hub.Home, "commands", "ssl.ini");
        await File.WriteAllTextAsync(ini, (await File.ReadAllTextAsync(ini, Cancelled)).Replace($"SSLAllowedClients={hub.Host}\n", line + "\n", StringComparison.Ordinal), Cancelled);
        (await hub.Command("cert", "reload")).Expect(0);
        await trk.Start(JoiningLayout.Ready);

        // It was in the registry all the time.
        await Waiting.Until(() => installation.Answers(trk), _patience, layout.Explain);
        (await hub.Command("link", "check", "--all")).Expect(0);
        Assert.Contains("secured", (await hub.Command("hub", "servers", "list")).Expect(0).Output, StringComparison.Ordinal);
    }
}
