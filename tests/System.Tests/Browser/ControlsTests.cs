// SPDX-License-Identifier: Apache-2.0
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
    private const string Guests = "EMAIL\nanna@guests.example\nben@guests.example\n";
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

    private static FilePayload Picture(string name) => new() { Name = name, MimeType = "image/png", Buffer = _picture };

    private static async Task<string> Make(RestClient program, string title)
    {
        var job = (await program.Send(HttpMethod.Post, "jobs", new { title })).GetProperty("job").GetString()!;
        await program.Send(HttpMethod.Post, $"jobs/{job}/recipients?fileName=guests.csv", Guests);
        await Waiting.Until(async () => (await program.Get($"jobs/{job}/recipients")).GetProperty("state").GetString() == "ready", _patience, () => "The recipients are not imported.");
        await program.Send(HttpMethod.Put, $"jobs/{job}/tracking", new { type = "blind" });
        await program.Send(HttpMethod.Put, $"jobs/{job}/sender", new { name = "The Example Society", address = "news@society.example" });
        return job;
    }

    private static async Task Authorise(RestClient program, string job)
    {
        await program.Send(HttpMethod.Put, $"jobs/{job}/schedule", new { at = (string?)null });
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
