// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json;
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Matrix;

/// <summary>A campaign on four servers with one component each, one of which is taken away and brought back while it runs.</summary>
internal sealed class MatrixRun(CampaignRun<Layout> campaign, string component)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private readonly Dictionary<ServerHome, int> _processes = campaign.Installation.Servers.ToDictionary(server => server, server => server.Run.Id);

    public Layout Layout => campaign.Installation;

    public CampaignRun<Layout> Campaign => campaign;

    /// <summary>The server that is taken away.</summary>
    public ServerHome Server => Layout.At(component);

    /// <summary>HOST:PORT as messages name it.</summary>
    public string Named => $"{Server.Host}:{(component == "trk" ? Server.TrackerPort : Server.InternalPort)}";

    public async Task TakeAway(Way way)
    {
        switch (way)
        {
            case Way.ComponentStop:
                (await Server.Command(["component", "stop", component, .. component == "trk" ? new[] { "--yes" } : []])).Expect(0);
                break;
            case Way.Terminate:
                Assert.Equal(0, await Server.Stop());
                break;
            case Way.Kill:
                await Server.Kill();
                break;
        }
    }

    public async Task BringBack(Way way)
    {
        if (way == Way.ComponentStop)
        {
            (await Server.Command("component", "start", component)).Expect(0);
        }
        else
        {
            Server.Launch();
            _processes[Server] = Server.Run.Id;
        }

        await Server.Ready();
    }

    /// <summary>Nobody else was restarted.</summary>
    public void AssertOthersWentOn() => Assert.All(_processes, entry => Assert.True(entry.Key.IsRunning && entry.Key.Run.Id == entry.Value, $"{entry.Key.Run.Name} did not go on.\n{entry.Key.Explain()}"));

    /// <summary>Messages of the campaign go on arriving, while the readers go on reading.</summary>
    /// <returns>False if all had come already.</returns>
    public async Task<bool> MailGoesOn()
    {
        const int Messages = 5;
        var came = campaign.Outside.Messages.Count(message => campaign.Audience.Has(message.Recipient));
        var goal = Math.Min(came + Messages, campaign.Audience.People.Count);
        await Until(
            async () =>
            {
                await campaign.Read();
                return campaign.Outside.Messages.Count(message => campaign.Audience.Has(message.Recipient)) >= goal;
            },
            "no more messages come");
        return came < goal;
    }

    /// <summary>What HUB knows of the component's server.</summary>
    public async Task<JsonElement> SeenByHub()
    {
        using var list = JsonDocument.Parse((await Layout.At("hub").Command("hub", "servers", "list", "--json")).Expect(0).Output);
        return list.RootElement.GetProperty("servers").EnumerateArray().Single(server => server.GetProperty("port").GetInt32() == Server.InternalPort && server.GetProperty("host").GetString() == Server.Host).Clone();
    }

    /// <summary>HUB notices that it is away: the component is stopped, or the server does not answer.</summary>
    public Task HubShowsItAway(Way way) => Until(
        async () =>
        {
            var seen = await SeenByHub();
            return way == Way.ComponentStop
                ? seen.GetProperty("components")[0].GetProperty("state").GetString() == "stopped"
                : !seen.GetProperty("answers").GetBoolean() && seen.GetProperty("problem").GetString()!.Contains($"Nothing answers at {Server.Peer}", StringComparison.Ordinal);
        },
        "the hub does not notice that it is away");

    /// <summary>Sends a small job of one's own to an address nobody else has; its code.</summary>
    public async Task<string> SendSmall(string address, string tracking)
    {
        var folder = Directory.CreateTempSubdirectory("tutti-small-");
        try
        {
            var (recipients, html) = (Path.Combine(folder.FullName, "r.csv"), Path.Combine(folder.FullName, "l.html"));
            await File.WriteAllTextAsync(recipients, $"EMAIL\n{address}\n", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(html, "<p><a href=\"https://society.example/programme\">Programme</a></p>", TestContext.Current.CancellationToken);
            var sent = await Layout.Job(
                TimeSpan.FromMinutes(1), "send", "--recipients", recipients, "--html", html, "--subject", "Small", "--from", Letter.Sender, "--tracking", tracking);
            return sent.Expect(0).LastLine;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A job's receipt with the reason for which it waits; answered in time.</summary>
    public async Task<(Receipt Receipt, string? WaitsFor)> ReceiptOf(string job)
    {
        var began = Stopwatch.GetTimestamp();
        var text = await Layout.Rest($"jobs/{job}/receipt");
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5));
        using var json = JsonDocument.Parse(text!);
        return (Receipt.Read(text!), json.RootElement.GetProperty("waitsFor").GetString());
    }

    /// <summary>Waits until a job says on its page why it waits.</summary>
    public Task Waits(string job, params string[] words) => Until(
        async () => (await ReceiptOf(job)) is { Receipt.State: "processing", WaitsFor: { } reason } && words.All(word => reason.Contains(word, StringComparison.Ordinal)),
        $"job {job} does not say that it waits for {string.Join(", ", words)}");

    /// <summary>Waits until a job is completed.</summary>
    public Task Completes(string job) => Until(async () => (await ReceiptOf(job)).Receipt is { State: "completed", Waiting: 0 }, $"job {job} is not completed");

    public Task Until(Func<Task<bool>> question, string complaint) => Waiting.Until(question, _patience, () => $"{component} away or back: {complaint}.\n{Layout.Explain()}");

    /// <summary>The campaign comes to its end: every recipient has one message, and the report is what the readers did.</summary>
    public async Task Finish()
    {
        await campaign.Finish(TimeSpan.FromMinutes(3));
        var report = await Report.Fetch(Layout, campaign.Job, campaign.Players);
        Assert.Empty(report.Differences(campaign.Players));
        Assert.Empty(campaign.Players.Surprises);
        var receipt = await campaign.Receipt();
        Assert.True(receipt.AddsUp);
        Assert.Equal((campaign.Audience.People.Count, 0), (receipt.Planned, receipt.Waiting));
        var times = campaign.Outside.Messages.CountBy(message => message.Recipient, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
        Assert.All(times, one => Assert.Equal(1, one.Value));
        Assert.Equal(receipt.Accepted + receipt.InDoubt, campaign.Audience.People.Count);
        Assert.All(campaign.Audience.People, person => Assert.True(times.ContainsKey(person.Address) || receipt.InDoubt > 0, $"{person.Address} got nothing"));
    }
}
