// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Rest;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Rehearsing;

/// <summary>
/// A person rehearses a whole job in a browser, and the distributor is killed in the middle of it: it goes on, the page shows what it found, the mail
/// server outside hears of nothing, and the delivery afterwards finds everybody as before.
/// </summary>
public sealed class RehearsalTests : SystemTest
{
    private const int Planned = 300;
    private const int WithoutCity = 30;
    private static readonly LocatorAssertionsToBeVisibleOptions _patiently = new() { Timeout = 60_000 };
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Killed_in_the_middle_a_rehearsal_goes_on_and_nothing_of_it_leaves_or_counts()
    {
        var outside = Own(new RecordingSmtpServer());
        var installation = Own(await Installation.SetUp(separate: true, [.. CampaignRun.Settings(outside, connections: 4), "dst.RetryAfter=5m", "dst.RetryAtMost=1h"]));

        // After each forty messages the receiver hangs up and thinks for a second before it greets again: the kill finds a rehearsal that is not done.
        var manners = Path.Combine(installation.Home, "dst", "rehearsal.ini");
        const string Lenient = "smarthost.Unknown=5\nsmarthost.Greylist=10\nsmarthost.GreylistFor=4m\n";
        await File.WriteAllTextAsync(manners, Lenient + "smarthost.Banner=00:00:01\nsmarthost.StormEvery=40\nsmarthost.StormFor=5m\n", Cancelled);
        await installation.Start();
        await installation.CreateToken();
        using var rest = new RestClient(installation);
        var job = await Prepare(rest);

        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Headless = true,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await chromium.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        var errors = new ConcurrentQueue<string>();
        page.PageError += (_, error) => errors.Enqueue(error);
        await SignIn(page, installation, job);
        await page.GetByRole(AriaRole.Link, new() { Name = "Dress rehearsal" }).ClickAsync();
        await Press(page, "Begin rehearsal");
        await Assertions.Expect(page.GetByText("Up to here the delivery would have taken")).ToBeVisibleAsync(_patiently);

        var before = await Played(rest, job, played => played.Settled > 0);
        Assert.Equal("running", before.State);
        await installation.Kill("dst");
        await Assertions.Expect(page.GetByText("It is tried again by itself.")).ToBeVisibleAsync(_patiently);
        await File.WriteAllTextAsync(manners, Lenient, Cancelled);
        installation.Launch("dst");
        await Assertions.Expect(page.GetByText("the last one has an answer after about")).ToBeVisibleAsync(_patiently);

        var done = await Played(rest, job, played => played.State == "done");
        Assert.Equal(Planned, done.Settled);
        Assert.True(done.Settled > before.Settled && done.Accepted >= before.Accepted, $"{before}, then {done}");

        // What was measured before the kill is still known; of those on the wire then, nobody can say.
        Assert.InRange(done.Measured, done.Accepted, done.Accepted + done.InDoubt);
        await Shows(page, installation, done);
        Assert.Empty(errors);

        Assert.Equal((0, 0), (outside.Connections, outside.Messages.Count));
        Assert.Equal(new Receipt(job, "open", 0, 0, 0, 0, 0, 0, 0, 0), Receipt.Read((await rest.Get($"jobs/{job}/receipt")).GetRawText()));
        await Waiting.Until(
            () => Directory.GetFiles(Path.Combine(installation.Home, "dst", "data", "rehearsals")).Length == 0, _patience, () => "The distributor keeps the rehearsal's file.");
        await Deliver(rest, job, outside);
    }

    private static async Task<string> Prepare(RestClient rest)
    {
        var job = (await rest.Send(HttpMethod.Post, "jobs", new { title = "Rehearsed" })).GetProperty("job").GetString()!;
        var csv = new StringBuilder("EMAIL,NAME,CITY\n");
        for (var number = 1; number <= Planned; number++)
        {
            // One name came from a template of somebody else.
            csv.Append(CultureInfo.InvariantCulture, $"r{number}@d{number % 20}.example,{(number == 7 ? "{{ first_name }}" : $"Guest {number}")},{(number <= WithoutCity ? "" : "Bergen")}\n");
        }

        await rest.Send(HttpMethod.Post, $"jobs/{job}/recipients?fileName=guests.csv", csv.ToString());
        await Waiting.Until(
            async () => (await rest.Get($"jobs/{job}/recipients")).GetProperty("state").GetString() == "ready", _patience, () => "The recipients are not imported.");
        await rest.Send(HttpMethod.Put, $"jobs/{job}/content", new
        {
            subject = "News for {{ NAME }}",
            html = "<p>Dear {{ NAME }} in {{ CITY }}, <a href=\"https://society.example/in\">come in</a>.</p>",
            text = "Dear {{ NAME }} in {{ CITY }}, come in: https://society.example/in",
        });
        await rest.Send(HttpMethod.Put, $"jobs/{job}/tracking", new { type = "blind" });
        await rest.Send(HttpMethod.Put, $"jobs/{job}/sender", new { name = "The Example Society", address = "news@society.example" });
        return job;
    }

    private static async Task SignIn(IPage page, Installation installation, string job)
    {
        // Pages answer clicks only when their connection to the server is up.
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, _) => connected.TrySetResult();
        await page.GotoAsync(new Uri(installation.Web, $"/jobs/{job}").ToString());
        await page.Locator("#account").FillAsync("admin");
        await page.Locator("#password").FillAsync(installation.AdminPassword);
        await Press(page, "Sign in");
        await page.WaitForURLAsync(address => address.EndsWith($"/jobs/{job}", StringComparison.Ordinal));
        await connected.Task.WaitAsync(_patience, Cancelled);
    }

    /// <summary>Missing values, odd messages with one to take home, sizes, and the answers that were played.</summary>
    private static async Task Shows(IPage page, Installation installation, Standing done)
    {
        await Assertions.Expect(page.GetByRole(AriaRole.Table, new() { Name = "Missing values" }).GetByRole(AriaRole.Row, new() { Name = "CITY" }))
            .ToContainTextAsync($"{WithoutCity} recipients");
        var odd = page.GetByRole(AriaRole.Table, new() { Name = "Odd messages" }).GetByRole(AriaRole.Row, new() { Name = "Signs of the merge language are left in it" });
        await Assertions.Expect(odd).ToContainTextAsync("r7@d7.example");
        var download = await page.RunAndWaitForDownloadAsync(() => odd.GetByRole(AriaRole.Link).ClickAsync());
        Assert.Contains("{{ first_name }}", await File.ReadAllTextAsync(await download.PathAsync(), Cancelled), StringComparison.Ordinal);
        await Assertions.Expect(page.GetByText("messages measured as they go over the wire")).ToBeVisibleAsync();
        var operators = page.GetByRole(AriaRole.Table, new() { Name = "By receiving operator" });
        await Assertions.Expect(operators).ToContainTextAsync("550 5.1.1");
        await Assertions.Expect(operators).ToContainTextAsync($"{done.Accepted}");
        Assert.True(done.ForecastSeconds >= 240, $"{done.ForecastSeconds} seconds are less than a wait for who is put off.");
    }

    /// <summary>Everybody gets the message once, those too whom the rehearsal had refused or in doubt.</summary>
    private static async Task Deliver(RestClient rest, string job, RecordingSmtpServer outside)
    {
        await rest.Send(HttpMethod.Post, $"jobs/{job}/test", new { addresses = new[] { "colleague@society.example" } });
        await Waiting.Until(
            async () => (await rest.Get($"jobs/{job}/test")).GetRawText().Contains("accepted", StringComparison.Ordinal), _patience, () => "The test message has no fate.");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/test/accept");
        await rest.Send(HttpMethod.Put, $"jobs/{job}/schedule", new { at = (string?)null });
        await rest.Refused(HttpMethod.Post, $"jobs/{job}/authorize", "preflight.asks");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/preflight/ticks");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/authorize");
        Receipt? receipt = null;
        await Waiting.Until(
            async () => (receipt = Receipt.Read((await rest.Get($"jobs/{job}/receipt")).GetRawText())) is { State: "completed", Waiting: 0 }, _patience, () => $"The job stands at {receipt}");
        Assert.Equal(new Receipt(job, "completed", Planned, Planned, 0, 0, 0, 0, 0, 0), receipt);
        Assert.Equal(Planned + 1, outside.Messages.Select(message => message.Recipient).Distinct().Count());
        Assert.Equal(Planned + 1, outside.Messages.Count);
    }

    private static async Task<Standing> Played(RestClient rest, string job, Func<Standing, bool> isThere)
    {
        Standing? last = null;
        await Waiting.Until(async () => isThere(last = Standing.Of(await rest.Get($"jobs/{job}/rehearsal"))), _patience, () => $"The rehearsal stands at {last}");
        return last!;
    }

    private static Task Press(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();

    /// <summary>How a rehearsal stands, as the REST interface tells it.</summary>
    private sealed record Standing(string State, long Settled, long Accepted, long InDoubt, long Measured, double ForecastSeconds)
    {
        public static Standing Of(JsonElement document)
        {
            var fates = document.GetProperty("fates");
            long Number(string name) => fates.GetProperty(name).GetInt64();
            return new Standing(
                document.GetProperty("state").GetString()!,
                Number("accepted") + Number("refused") + Number("expired") + Number("suppressed") + Number("inDoubt"),
                Number("accepted"),
                Number("inDoubt"),
                document.GetProperty("sizes").GetProperty("measured").GetInt64(),
                document.GetProperty("forecastSeconds").GetDouble());
        }
    }
}
