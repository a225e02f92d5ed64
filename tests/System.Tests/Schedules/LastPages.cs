// SPDX-License-Identifier: Apache-2.0
using Microsoft.Playwright;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Rest;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Schedules;

/// <summary>What people do on the pages of a job that takes recipients one at a time, and of one that is over; found again in the received message and over REST.</summary>
internal static class LastPages
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly LocatorAssertionsToBeVisibleOptions _patiently = new() { Timeout = 60_000 };

    /// <summary>The choice on the recipients' page, the address that it shows, and the end.</summary>
    public static async Task OneAtATime(IPage page, Installation installation, RestClient rest, RecordingSmtpServer outside, string job)
    {
        await rest.Send(HttpMethod.Put, $"jobs/{job}/schedule", new { });
        await page.GotoAsync(new Uri(installation.Web, $"/jobs/{job}/recipients").ToString());
        await page.Locator("#on-demand-choice").CheckAsync();
        await Assertions.Expect(page.GetByText("Not open yet")).ToBeVisibleAsync(_patiently);
        var address = new Uri(await page.Locator("#on-demand-address").InputValueAsync());
        await rest.Send(HttpMethod.Post, $"jobs/{job}/test/waive");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/preflight");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/preflight/ticks");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/authorize");
        await page.GotoAsync(new Uri(installation.Web, $"/jobs/{job}").ToString());
        await Assertions.Expect(page.GetByText("The address takes recipients.")).ToBeVisibleAsync(_patiently);
        Assert.EndsWith($"/api/v1/jobs/{job}/messages", address.AbsolutePath, StringComparison.Ordinal);
        await rest.Send(HttpMethod.Post, $"jobs/{job}/messages", new { address = "eve@guests.example", reference = "one" });
        await Waiting.Until(() => outside.Messages.Any(message => message.Recipient == "eve@guests.example"), _patience, () => "The message to one recipient does not come.");

        await Press(page, "Take no more recipients");
        await Sure(page, "Take no more recipients");
        await Waiting.Until(async () => await State(rest, job) == "completed", _patience, () => "The job is not completed.");
        Assert.DoesNotContain(outside.Messages, message => message.Recipient == "dora@guests.example");
    }

    /// <summary>Archived and brought back by their buttons, and after how many days it goes by itself.</summary>
    public static async Task ArchiveAndBringBack(IPage page, Installation installation, RestClient rest, string job)
    {
        await page.GotoAsync(new Uri(installation.Web, $"/jobs/{job}").ToString());
        await page.Locator("#archive-after").FillAsync("90");
        await Press(page, "Save");
        await Waiting.Until(async () => (await rest.Get($"jobs/{job}")).GetProperty("archiveAfter").ToString() == "90", _patience, () => "The days are not kept.");
        await Press(page, "Archive this job");
        await Sure(page, "Archive this job");
        await Waiting.Until(async () => await State(rest, job) == "archived", _patience, () => "The job is not archived.");
        await Waiting.Until(async () => (await rest.Get($"jobs/{job}/archive")).GetProperty("state").GetString() == "removed", _patience, () => "The rows are not taken away.");

        await page.GotoAsync(new Uri(installation.Web, "/archives").ToString());
        var row = page.Locator("tbody tr").Filter(new() { HasText = job });
        await Assertions.Expect(row).ToBeVisibleAsync(_patiently);
        var download = await page.RunAndWaitForDownloadAsync(() => row.GetByRole(AriaRole.Link, new() { Name = $"Download the archive of job {job}" }).ClickAsync());
        var file = Path.Combine(installation.Home, "lui", "archive", download.SuggestedFilename);
        Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(await download.PathAsync()));

        // The file is lost; the copy that was downloaded brings the job back.
        var copy = Path.Combine(installation.Home, "copy.zip");
        File.Move(file, copy);
        await page.Locator("#file").SetInputFilesAsync(copy);
        await Press(page, "Upload archive");
        await Waiting.Until(async () => await State(rest, job) == "completed", _patience, () => "The job does not come back.");
    }

    private static async Task<string?> State(RestClient rest, string job) => (await rest.Get($"jobs/{job}")).GetProperty("state").GetString();

    private static Task Press(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();

    private static Task Sure(IPage page, string button) =>
        page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
}
