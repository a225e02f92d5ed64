// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;

namespace Tutti.System.Tests.Layouts;

/// <summary>Every way to divide the four components over servers gives the same campaign.</summary>
public sealed class DivisionTests : SystemTest
{
    private const int Seed = 50;

    /// <summary>The others are tried in the long series.</summary>
    private static readonly string[] _always =
    [
        "lui,hub,trk,dst", "lui | hub,dst | trk", "lui | hub | trk | dst",
    ];

    private static readonly string[] _sometimes =
    [
        "lui,hub | trk | dst", "lui,trk | hub | dst",
        "lui,hub,trk | dst", "lui,hub,dst | trk", "lui,trk,dst | hub", "hub,trk,dst | lui",
        "lui,hub | trk,dst", "lui,trk | hub,dst", "lui,dst | hub,trk",
        "lui,dst | hub | trk", "hub,trk | lui | dst", "trk,dst | lui | hub",
    ];

    public static TheoryData<string> Divisions => [.. _always, .. IsLong ? _sometimes : []];

    [Theory]
    [MemberData(nameof(Divisions))]
    [Trait("Row", "C-1.0.1")]
    [Trait("Row", "C-1.1.1")]
    public async Task However_the_components_are_divided_fifty_recipients_get_their_letter_and_the_report_is_the_same(string division)
    {
        var audience = Audience.Make(50, Seed);
        var outside = Own(new RecordingSmtpServer(audience.Behave));
        var players = Own(new Players(Seed, opening: 0.8, clicking: 0.6));
        var layout = Own(Layout.Of(division));
        var run = CampaignRun.On(layout, audience, outside, players);

        await layout.SetUp(Seed + division.Length, CampaignRun.Settings(outside, connections: 4));
        await layout.Start(Seed + division.Length);
        await run.Send();
        await run.Finish(TimeSpan.FromMinutes(2));

        var report = await Report.Fetch(layout, run.Job, players);
        Assert.Empty(report.Differences(players));
        Assert.Empty(players.Surprises);
        var (receipt, fates) = (await run.Receipt(), await run.Fates());
        Assert.Empty(new Ledger(audience, outside).Differences(receipt, fates));
        Assert.Equal((50, 0), (receipt.Planned, receipt.Waiting));

        // The same people did the same everywhere, so every division has to tell the same of them.
        Assert.Equal(audience.People.Count(person => person.Behaviours.Any(behaviour => behaviour is Behaviour.RefuseAddress or Behaviour.RefuseMessage)), receipt.Refused);
        Assert.Equal(players.Log.Count(played => !played.IsClick), report.Opens.Times);
        Assert.Equal(players.Log.Count(played => played.IsClick), report.Clicks.Times);
        foreach (var server in layout.Servers)
        {
            Assert.Empty(Surroundings.StrangeFiles(server));
            Assert.Empty(Surroundings.StrangeConnections(server, layout, outside.Port));
        }
    }
}
