// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;

namespace Tutti.System.Tests.Matrix;

/// <summary>The User Interface and the hub away for long: the tracker keeps what nobody fetches.</summary>
public sealed class AwayTests : SystemTest
{
    private const int Seed = 29;

    [Fact]
    [Trait("Row", "C-1.0.8")]
    public async Task What_readers_do_while_user_interface_and_hub_are_off_is_neither_lost_nor_counted_twice()
    {
        var audience = Audience.Make(40, Seed, troubled: 0);
        var outside = Own(new RecordingSmtpServer());
        var players = Own(new Players(Seed));
        var layout = Own(Layout.Of("lui,hub | trk | dst"));
        var run = CampaignRun.On(layout, audience, outside, players);
        await layout.SetUp(Seed, CampaignRun.Settings(outside, connections: 4));
        await layout.Start(Seed);
        await run.Send();
        await run.Finish(TimeSpan.FromMinutes(2));

        // More than one fetch brings; in the long series as many as the row says.
        await layout.At("lui").Kill();
        var messages = outside.Messages.ToList();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, IsLong ? 100_000 : 4_000),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancelled },
            async (number, _) => await players.Open(messages[number % messages.Count]));
        Assert.DoesNotContain(players.Log, played => !played.Answered);
        await layout.At("lui").Start();

        var report = await Report.Fetch(layout, run.Job, players);
        Assert.Empty(report.Differences(players));
        Assert.Empty(players.Surprises);

        // Nothing comes a second time after it.
        await players.Open(messages[0]);
        Assert.Empty((await Report.Fetch(layout, run.Job, players)).Differences(players));
    }
}
