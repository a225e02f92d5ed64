// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using MimeKit;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Rest;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Browser;

/// <summary>What is set on a page is found outside of it: in the message that came, in what the job does, at an address of the installation.</summary>
public sealed class ControlsTests : SystemTest
{
    private const string Guests = "EMAIL,ZONE\nanna@guests.example,Europe/Berlin\nben@guests.example,Asia/Tokyo\ncleo@guests.example,UTC\n";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly byte[] _picture = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Fact]
    public async Task What_is_set_on_the_pages_is_found_outside_of_them()
    {
        var outside = Own(new RecordingSmtpServer());
        var installation = Own(await Installation.SetUp(separate: false, CampaignRun.Settings(outside, connections: 2)));
        await installation.Start();
        await installation.CreateToken();
        using var program = new RestClient(installation);
        using var stranger = new HttpClient();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Desk.Browser(playwright);
        await using var desk = await Desk.SignIn(browser, installation, "admin", installation.AdminPassword);
        await Waiting.Until(
            async () => (await program.Get("trackers")).EnumerateArray().Any(tracker => tracker.GetProperty("publicUrl").GetString()!.Length > 0), _patience, () => "No tracker.");

        await FilesDropInsAndMedia(desk, program, stranger, outside);
        await ManyAnHour(desk, program, outside);
        await EachInTheirZone(desk, program);
        await AgainAndAgain(desk, program);
        await ATriggerTakenBack(desk, program, stranger);
        await OpenedAgain(desk, installation, program);
    }

    /// <summary>An attachment, an image of the message, one of the library and a drop-in, each put in by its page, are in the message that came.</summary>
    private static async Task FilesDropInsAndMedia(Desk desk, RestClient program, HttpClient stranger, RecordingSmtpServer outside)
    {
        await desk.Go("/drop-ins");
        await desk.Page.Locator("#name").FillAsync("IMPRINT");
        await desk.Page.Locator("#body").FillAsync("The Example Society, 1 High Street");
        await desk.Press("Save drop-in");
        await Desk.Shown(desk.Page.GetByText("[[IMPRINT]]").First);
        await desk.Go("/media");
        await desk.Page.Locator("#file").SetInputFilesAsync(Picture("hall.png"));
        await desk.Page.Locator("#alt").FillAsync("The hall at night");
        await desk.Page.Locator("#alt").BlurAsync();
        await desk.Press("Upload image");
        var html = desk.Page.Locator("input[id^=html-]").First;
        await Desk.Shown(html);
        var image = await html.InputValueAsync();

        var job = await Make(program, "With files");
        await desk.Go($"/jobs/{job}/files");
        await desk.Page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = "programme.txt", MimeType = "text/plain", Buffer = "What is on"u8.ToArray() });
        await desk.Press("Upload file");
        await Desk.Shown(desk.Page.GetByText("programme.txt").First);
        await desk.Page.Locator("#as-image").CheckAsync();
        await desk.Page.Locator("#file").SetInputFilesAsync(Picture("seal.png"));
        await desk.Press("Upload file");
        await Desk.Shown(desk.Page.GetByText("seal.png").First);
        var contentId = (await program.Get($"jobs/{job}/files")).EnumerateArray().Select(file => file.GetProperty("contentId").GetString()).Single(id => id is not null);
        await program.Send(
            HttpMethod.Put, $"jobs/{job}/content", new { subject = "Files", html = $"<p>[[IMPRINT]]</p>{image}<img src=\"cid:{contentId}\" alt=\"Seal\">", text = "[[IMPRINT]]" });
        await Authorise(program, job);
        await Until(program, job, "completed");

        using var raw = new MemoryStream(outside.Messages.First(message => message.Recipient == "anna@guests.example").Raw);
        var letter = MimeMessage.Load(raw, Cancelled);
        var attached = (MimePart)Assert.Single(letter.Attachments);
        Assert.Equal(("programme.txt", "What is on"), (attached.FileName, ((TextPart)attached).Text.TrimEnd()));
        Assert.Contains("The Example Society, 1 High Street", letter.TextBody, StringComparison.Ordinal);
        Assert.Contains("The Example Society, 1 High Street", letter.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("alt=\"The hall at night\"", letter.HtmlBody, StringComparison.Ordinal);
        var inline = letter.BodyParts.OfType<MimePart>().Single(part => part.ContentType.MediaType == "image").Content!;
        using var bytes = new MemoryStream();
        await inline.DecodeToAsync(bytes, Cancelled);
        Assert.Equal(_picture, bytes.ToArray());
        var address = image.Split('"').Single(part => part.StartsWith("http", StringComparison.Ordinal));
        Assert.Contains(address, letter.HtmlBody, StringComparison.Ordinal);
        Assert.Equal(_picture, await stranger.GetByteArrayAsync(new Uri(address), Cancelled));
    }

    /// <summary>One recipient an hour: the first gets it, the others wait; stopped and closed on the job's page, they never do.</summary>
    private static async Task ManyAnHour(Desk desk, RestClient program, RecordingSmtpServer outside)
    {
        var job = await Make(program, "Little by little");
        await Plain(program, job, "Little");
        var before = outside.Messages.Count;
        await desk.Go($"/jobs/{job}/schedule");
        await desk.Page.Locator("#pace-rate").CheckAsync();
        await desk.Page.Locator("#per-hour").FillAsync("1");
        await Saved(desk);
        await Authorise(program, job, schedule: false);
        await Waiting.Until(() => Task.FromResult(outside.Messages.Count > before), _patience, () => "Nobody got it.");
        await desk.Go($"/jobs/{job}");
        await Sure(desk, "Stop delivery");
        await Sure(desk, "Close job");
        await Until(program, job, "completed");
        var receipt = await program.Get($"jobs/{job}/receipt");
        Assert.Equal((1, 2), (receipt.GetProperty("accepted").GetInt64(), receipt.GetProperty("withdrawn").GetInt64()));
        Assert.Equal(before + 1, outside.Messages.Count);
    }

    /// <summary>Nine o'clock for each: the job is due when it is nine in the first zone. Revoked on its page, it is open again.</summary>
    private static async Task EachInTheirZone(Desk desk, RestClient program)
    {
        var job = await Make(program, "At breakfast");
        await Plain(program, job, "Breakfast");
        await desk.Go($"/jobs/{job}/schedule");
        await desk.Page.Locator("#in-zones").CheckAsync();
        await desk.Page.Locator("#at").FillAsync("2031-05-06T09:00");
        await desk.Page.Locator("#zone-column").SelectOptionAsync("ZONE");
        await Saved(desk);
        await Authorise(program, job, schedule: false);
        var due = (await program.Get($"jobs/{job}")).GetProperty("dueAt").GetDateTimeOffset();

        // Tokyo has the first nine o'clock of those three.
        Assert.Equal(new DateTimeOffset(2031, 5, 6, 0, 0, 0, TimeSpan.Zero), due.ToUniversalTime());
        await desk.Go($"/jobs/{job}");
        await Sure(desk, "Revoke authorisation");
        await Until(program, job, "open");
    }

    /// <summary>Twice, an hour apart: when the first run is done, the second waits for its hour.</summary>
    private static async Task AgainAndAgain(Desk desk, RestClient program)
    {
        var job = await Make(program, "Every hour");
        await Plain(program, job, "Hourly");
        await desk.Go($"/jobs/{job}/schedule");
        await desk.Page.Locator("#repeat").CheckAsync();
        await desk.Page.Locator("#every").FillAsync("3");
        await desk.Page.Locator("#unit").SelectOptionAsync("hours");
        await desk.Page.Locator("#runs").FillAsync("2");
        await Saved(desk);
        await Authorise(program, job, schedule: false);
        await Until(program, job, "completed");
        var runs = new List<(int Run, string State, DateTimeOffset? Due)>();
        await Waiting.Until(
            async () =>
            {
                runs = [.. (await program.Get("jobs?search=Every%20hour")).GetProperty("jobs").EnumerateArray().Select(one => (
                    one.GetProperty("run").GetInt32(), one.GetProperty("state").GetString()!, one.GetProperty("dueAt").Deserialize<DateTimeOffset?>()))];
                return runs.Count == 2;
            },
            _patience,
            () => "There is no second run.");
        var first = runs.Single(one => one.Run == 1);
        var second = runs.Single(one => one.Run == 2);
        Assert.Equal(("completed", "waiting"), (first.State, second.State));
        Assert.Equal(TimeSpan.FromHours(3), second.Due - first.Due);
    }

    /// <summary>A trigger's address works until its page takes it back.</summary>
    private static async Task ATriggerTakenBack(Desk desk, RestClient program, HttpClient stranger)
    {
        var job = await Make(program, "On a signal");
        await Plain(program, job, "Signal");
        await desk.Go($"/jobs/{job}/schedule");
        await desk.Page.Locator("#on-trigger").CheckAsync();
        await Saved(desk);
        await desk.Press("Make trigger address");
        var address = new Uri(await desk.Page.Locator("#trigger-address").InnerTextAsync());
        using (var known = await stranger.PostAsync(address, null, Cancelled))
        {
            Assert.Equal(HttpStatusCode.Conflict, known.StatusCode);
        }

        await desk.Press("Revoke address");
        await Assertions.Expect(desk.Page.Locator("#trigger-address")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        using var unknown = await stranger.PostAsync(address, null, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    /// <summary>Stopped before anything was handed over, a job can be opened again and written anew.</summary>
    private static async Task OpenedAgain(Desk desk, Installation installation, RestClient program)
    {
        var job = await Make(program, "Second thoughts");
        await Plain(program, job, "Thoughts");
        await program.Send(HttpMethod.Put, $"jobs/{job}/tracking", new { type = "personal" });
        await program.Send(HttpMethod.Put, $"jobs/{job}/content", new { subject = "Thoughts", html = "<p><a href=\"https://society.example/in\">Come in</a></p>", text = "" });
        (await installation.Command("component", "stop", "trk", "--yes")).Expect(0);
        await Authorise(program, job);
        await desk.Go($"/jobs/{job}");
        await Sure(desk, "Stop delivery");
        await Sure(desk, "Re-open job");
        await Until(program, job, "open");
        await program.Send(HttpMethod.Put, $"jobs/{job}/content", new { subject = "Better thoughts", html = "", text = "Come in." });
        (await installation.Command("component", "start", "trk")).Expect(0);
    }

    private static FilePayload Picture(string name) => new() { Name = name, MimeType = "image/png", Buffer = _picture };

    private static async Task Saved(Desk desk)
    {
        await desk.Press("Save schedule");
        await Desk.Shown(desk.Page.Locator(".t-steps"));
    }

    private static async Task Sure(Desk desk, string button)
    {
        await desk.Press(button);
        await desk.Page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await Assertions.Expect(desk.Page.GetByRole(AriaRole.Alertdialog)).ToHaveCountAsync(0, new() { Timeout = 60_000 });
    }

    private static async Task<string> Make(RestClient program, string title)
    {
        var job = (await program.Send(HttpMethod.Post, "jobs", new { title })).GetProperty("job").GetString()!;
        await program.Send(HttpMethod.Post, $"jobs/{job}/recipients?fileName=guests.csv", Guests);
        await Waiting.Until(async () => (await program.Get($"jobs/{job}/recipients")).GetProperty("state").GetString() == "ready", _patience, () => "The recipients are not imported.");
        await program.Send(HttpMethod.Put, $"jobs/{job}/tracking", new { type = "blind" });
        await program.Send(HttpMethod.Put, $"jobs/{job}/sender", new { name = "The Example Society", address = "news@society.example" });
        return job;
    }

    private static Task<JsonElement> Plain(RestClient program, string job, string subject) =>
        program.Send(HttpMethod.Put, $"jobs/{job}/content", new { subject, html = "", text = "Hello." });

    private static async Task Authorise(RestClient program, string job, bool schedule = true)
    {
        if (schedule)
        {
            await program.Send(HttpMethod.Put, $"jobs/{job}/schedule", new { at = (string?)null });
        }

        await program.Send(HttpMethod.Post, $"jobs/{job}/test/waive");
        await program.Send(HttpMethod.Post, $"jobs/{job}/preflight");
        await program.Send(HttpMethod.Post, $"jobs/{job}/preflight/ticks");
        await program.Send(HttpMethod.Post, $"jobs/{job}/authorize");
    }

    private static async Task Until(RestClient program, string job, string state)
    {
        var last = "";
        await Waiting.Until(async () => (last = (await program.Get($"jobs/{job}")).GetProperty("state").GetString()!) == state, _patience, () => $"Mail job {job} stays {last}.");
    }
}
