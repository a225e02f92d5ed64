// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Commands;

/// <summary>What <c>tutti job send</c> promises to scripts beyond the plain case: a later start, an end to patience, and its exit codes.</summary>
public sealed class SendCommandTests : SystemTest
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_job_leaves_later_or_is_not_waited_for_without_end()
    {
        // Everybody is told to come back later: nobody will ever be through.
        var outside = Own(new RecordingSmtpServer((_, _) => Behaviour.DeferAddress));
        var installation = Own(await Installation.SetUp(separate: false, Campaigns.CampaignRun.Settings(outside, connections: 2)));
        await installation.Start();
        await installation.CreateToken();
        var files = Directory.CreateDirectory(installation.Home + ".files").FullName;
        await Audience.Make(20, seed: 3).Write(Path.Combine(files, "members.csv"));
        var (html, text) = await Letter.Write(files);
        Task<CommandResult> Send(params string[] more) => installation.Job(
            _patience, ["send", "--recipients", Path.Combine(files, "members.csv"), "--html", html, "--text", text, "--subject", Letter.Subject, "--from", Letter.Sender, .. more]);

        var later = (await Send("--at", "2099-07-14T09:30", "--json")).Expect(0);
        var waiting = Receipt.Read(later.LastLine);
        Assert.Equal(("waiting", later.Output.Split('\n')[0]), (waiting.State, waiting.Job));
        Assert.Empty(outside.Answers);

        var impatient = (await Send("--wait", "--timeout", "1", "--json")).Expect(3);
        var unfinished = Receipt.Read(impatient.LastLine);
        Assert.True(unfinished is { AddsUp: true, State: "processing", Waiting: > 0 }, impatient.LastLine);
        Assert.Contains($"'tutti job receipt {unfinished.Job}'", impatient.Error, StringComparison.Ordinal);

        Assert.Contains("2001", (await Send("--at", "2001-01-01T00:00")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("--html", (await installation.Job(_patience, "send", "--recipients", html, "--subject", "s", "--from", "a@b.example")).Expect(64).Error, StringComparison.Ordinal);
        Assert.Contains("does not exist", (await installation.Job(_patience, "send", "--recipients", "nowhere.csv", "--html", html, "--subject", "s", "--from", "a@b.example")).Expect(2).Error, StringComparison.Ordinal);
        Directory.Delete(files, recursive: true);
    }
}
