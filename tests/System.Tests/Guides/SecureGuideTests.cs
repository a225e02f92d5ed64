// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Joining;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Running;
using Tutti.Testing;

namespace Tutti.System.Tests.Guides;

/// <summary>The commands of the guide to an authority of the installation's own, run as they stand there.</summary>
public sealed class SecureGuideTests : SystemTest
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    [Fact]
    [Trait("Row", "C-2.2.3.2")]
    [Trait("Row", "B-38")]
    [Trait("Row", "X-16")]
    public async Task A_plain_installation_is_secured_grows_renews_and_shrinks_as_the_guide_says()
    {
        using var folder = new TemporaryFolder();
        var hosts = Own(await Hosts.Make("ui", "dst", "trk"));
        var layout = Own(hosts.Named(("ui", "lui,hub"), ("dst", "dst"), ("trk", "trk")));
        var (ui, dst, trk) = (layout.Servers[0], layout.Servers[1], layout.Servers[2]);
        var shell = new GuideShell(layout, folder, hosts.Outside.ToString(), 0);
        var guide = Guide.Read("secure.md");
        await ui.SetUp(null);
        await ui.Start();
        await dst.SetUp(null);
        await dst.Start();
        (await ui.Command("hub", "servers", "add", dst.Host)).Expect(0);

        // From plain to secured, back, and to secured again.
        var running = guide.Below("## An installation that runs and is plain");
        await shell.Run(running[0]);
        var code = JoiningLayout.CodeIn(await shell.Run(running[1]));
        await shell.Run(With(running[2], code));
        await shell.Run(running[3]);
        await shell.Run(running[4]);
        await shell.Run(running[3]);
        Assert.Equal(5, running.Count);
        (await ui.Command("link", "check", "--all")).Expect(0);

        // A further server, into what is secured by now.
        var fresh = guide.Below("## A new installation");
        Assert.Equal((3, running[0]), (fresh.Count, fresh[0]));
        code = JoiningLayout.CodeIn(await shell.Run(fresh[1]));
        trk.Launch();
        await JoiningLayout.Waits(trk);
        await shell.Run(With(fresh[2], code));
        await JoiningLayout.Ready(trk);

        // Renewed, taken back, let in again, and taken out.
        var serial = SteadyCalls.CertificateOf(trk).SerialNumber;
        var itself = guide.Below("## What goes on by itself");
        await shell.Run(itself[0]);
        Assert.NotEqual(serial, SteadyCalls.CertificateOf(trk).SerialNumber);
        await shell.Run(Assert.Single(guide.Below("## Taking a certificate back")));
        await trk.Stop();
        await LetInAgain(shell, itself[1], fresh[2]);
        await trk.Start(JoiningLayout.Ready);
        (await ui.Command("link", "check", "--all")).Expect(0);

        // Another root for all of them, and its key for the safe.
        Assert.Contains("Stage 3 of 3", await shell.Run(Assert.Single(guide.Below("## Another authority"))), StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.File("authority-passphrase"), "correct horse battery\n", Cancelled);
        await shell.Run(Assert.Single(guide.Below("## A copy of the authority's key for the safe")));
        (await ui.Command("link", "check", "--all")).Expect(0);
        await shell.Run(Assert.Single(guide.Below("## Taking a server out")));
        Assert.Equal([dst.Host, ui.Host], await JoiningLayout.Allowed(dst));
    }

    private static GuideBlock With(GuideBlock block, string code) => block with { Commands = block.Commands.Replace("CODE", code, StringComparison.Ordinal) };

    private static async Task LetInAgain(GuideShell shell, GuideBlock renew, GuideBlock add)
    {
        // The guide's other case, a certificate that is over, is tried where certificates live for seconds.
        var said = "";
        var renewing = shell.Run(new GuideBlock("trk", renew.Commands.Replace("--code", "--code --anew", StringComparison.Ordinal)), line => said += line + "\n");
        await Waiting.Until(() => said.Contains("waits on", StringComparison.Ordinal) || renewing.IsCompleted, _patience, () => said);
        await shell.Run(With(add, JoiningLayout.CodeIn(said)));
        await renewing;
    }
}
