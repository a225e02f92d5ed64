// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Joining;

/// <summary>A join whose hub is killed in the middle.</summary>
public sealed class KilledHubTests : SystemTest
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    [Fact]
    [Trait("Row", "B-4")]
    [Trait("Row", "B-40")]
    public async Task The_hub_killed_at_any_step_of_a_join_lets_the_server_in_when_the_command_is_given_again()
    {
        var hosts = Own(await Hosts.Make("ui", "trk", "dst"));
        var layout = Own(hosts.Named(("ui", "lui,hub"), ("trk", "trk"), ("dst", "dst")));
        var (ui, trk, dst) = (layout.Servers[0], layout.Servers[1], layout.Servers[2]);
        var installation = new JoiningLayout(layout);
        await installation.Begin();
        await installation.Join(trk);

        // What a join leaves behind, in its order: lists, HUB's own last; then what the new server writes.
        Func<bool>[] steps =
        [
            () => Has(trk, "commands/ssl.ini", dst.Host),
            () => Has(dst, "conf/cluster.ini", ui.Host),
            () => Has(ui, "commands/ssl.ini", dst.Host),
            () => Has(dst, "commands/ssl.ini", dst.Host),
        ];
        foreach (var step in IsLong ? steps : steps[..2])
        {
            var code = await JoiningLayout.SetUp(dst);
            dst.Launch();
            await JoiningLayout.Waits(dst);
            var adding = installation.Add(dst, code);
            await Reached(step, adding);
            await ui.Kill();
            await adding;
            ui.Launch();
            await JoiningLayout.Ready(ui);

            CommandResult? again = null;
            await Waiting.Until(async () => (again = await installation.Add(dst, code)).Code == 0, _patience, () => $"{again!.Error}\n{layout.Explain()}");
            await JoiningLayout.Ready(dst);
            foreach (var server in layout.Servers)
            {
                Assert.Equal(["dst.tutti.test", "trk.tutti.test", "ui.tutti.test"], await JoiningLayout.Allowed(server));
            }

            (await ui.Command("link", "check", "--all")).Expect(0);

            // Out again, so that the next one finds everything as this one did.
            (await ui.Command("hub", "servers", "remove", dst.Host, "--yes", "--force")).Expect(0);
            Assert.Equal(["trk.tutti.test", "ui.tutti.test"], await JoiningLayout.Allowed(trk));
            await dst.Stop();
            Directory.Delete(dst.Home, recursive: true);
        }
    }

    private static bool Has(ServerHome server, string file, string word)
    {
        try
        {
            return File.ReadAllText(Path.Combine(server.Home, file)).Contains(word, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Returns in the moment, not a while after it.</summary>
    private static async Task Reached(Func<bool> step, Task<CommandResult> adding)
    {
        while (!step())
        {
            Assert.False(adding.IsCompleted && !step(), adding.IsCompleted ? (await adding).Error : "");
            await Task.Yield();
        }
    }
}
