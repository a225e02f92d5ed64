// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Campaigns;

/// <summary>One campaign from the recipients file to the report: an installation, the outside world, and the readers.</summary>
public sealed class CampaignRun<TSite>(TSite installation, Audience audience, RecordingSmtpServer outside, Players players)
    where TSite : Site
{
    private int _readers;

    public TSite Installation => installation;

    public RecordingSmtpServer Outside => outside;

    public Audience Audience => audience;

    public Players Players => players;

    /// <summary>The job's id, once it was sent.</summary>
    public string Job { get; private set; } = "";

    /// <summary>Makes and authorises the job; does not wait.</summary>
    public async Task Send()
    {
        await installation.CreateToken();
        var recipients = Path.Combine(installation.Home, "..", Path.GetFileName(installation.Home) + ".csv");
        await audience.Write(recipients);
        var (html, text) = await Letter.Write(Directory.CreateDirectory(installation.Home + ".letter").FullName);
        var sent = await installation.Job(
            TimeSpan.FromMinutes(3), "send", "--recipients", recipients, "--html", html, "--text", text, "--subject", Letter.Subject, "--from", Letter.Sender);
        Job = sent.Expect(0).LastLine;
        File.Delete(recipients);
        Directory.Delete(Path.GetDirectoryName(html)!, recursive: true);
    }

    /// <summary>Lets the readers read what came since the last time.</summary>
    public async Task Read()
    {
        var fresh = outside.Messages.Skip(_readers).ToList();
        _readers += fresh.Count;
        await players.Read(fresh.Where(message => message.Kept && audience.Has(message.Recipient)));
    }

    /// <summary>Waits until nobody waits; the readers go on reading. LUI may be away at times.</summary>
    public async Task Finish(TimeSpan patience)
    {
        string? last = null;
        await Waiting.Until(
            async () =>
            {
                await Read();
                last = await installation.Rest($"jobs/{Job}/receipt");
                return last is not null && Recomputing.Receipt.Read(last) is { Waiting: 0, State: "completed" };
            },
            patience,
            () => $"The job is not done after {patience}: {last}\n{installation.Explain()}");
        await Read();
    }

    /// <summary>The receipt now.</summary>
    public async Task<Receipt> Receipt() =>
        Recomputing.Receipt.Read((await installation.Job(TimeSpan.FromMinutes(1), "receipt", Job, "--json")).Expect(0).LastLine);

    /// <summary>Every recipient's fate as the command prints it.</summary>
    public async Task<List<FateRow>> Fates() =>
        FateRow.Read((await installation.Job(TimeSpan.FromMinutes(1), "recipients", Job, "--csv")).Expect(0).Output);
}

/// <summary>What campaigns of all layouts have in common.</summary>
public static class CampaignRun
{
    /// <summary>Entries that every campaign of these tests needs: everything goes to the recording server, nothing waits long.</summary>
    public static string[] Settings(RecordingSmtpServer outside, int connections, int rate = 0) =>
    [
        "dst.Mode=smarthost", $"dst.Smarthost={outside.Address}", $"dst.Connections={connections}", $"dst.Rate={rate}",
        "dst.RetryAfter=1s", "dst.RetryAtMost=2s", "dst.StartTls=no", "lui.FetchEvery=0.2s", "lui.HubEvery=0.5s", "hub.WatchEvery=0.5s",
    ];

    /// <summary>A campaign on an installation that exists.</summary>
    public static CampaignRun<TSite> On<TSite>(TSite installation, Audience audience, RecordingSmtpServer outside, Players players)
        where TSite : Site => new(installation, audience, outside, players);
}
