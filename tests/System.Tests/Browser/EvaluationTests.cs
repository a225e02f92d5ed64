// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Rest;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Browser;

/// <summary>An administrator at a browser has a group evaluate and writes a sender profile; a job with it runs through the real engine, and the mail server outside sees its test message alone.</summary>
public sealed class EvaluationTests : SystemTest
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    // Every page of a job.
    private static readonly string[] _pages =
    [
        "", "recipients", "recipients/why", "content", "files", "tracking", "sender", "test", "schedule", "authorise", "preflight", "rehearsal", "copy", "team", "report", "report/recipients",
    ];

    [Fact]
    public async Task Everything_runs_and_says_that_it_is_simulated_and_nobody_outside_gets_more_than_the_test()
    {
        var outside = Own(new RecordingSmtpServer());
        var installation = Own(await Installation.SetUp(separate: false, CampaignRun.Settings(outside, connections: 2)));
        await installation.Start();
        await installation.CreateToken();
        using var rest = new RestClient(installation);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Desk.Browser(playwright);
        await using var admin = await Desk.SignIn(browser, installation, "admin", installation.AdminPassword);
        await MakeAGroupThatEvaluates(admin, installation);
        var profile = await WriteAProfile(admin, rest);
        var job = await Prepare(admin, rest);
        await ChooseTheProfile(admin, rest, job, profile);
        await SendATest(admin, rest, outside, job);
        await ALateChangeCounts(admin, rest, job);
        await Authorise(rest, job, at: null);
        await Until(rest, $"jobs/{job}/receipt", receipt => Text(receipt, "state") == "completed");

        var receipt = await rest.Get($"jobs/{job}/receipt");
        Assert.Equal((2, true), (receipt.GetProperty("accepted").GetInt64(), receipt.GetProperty("simulated").GetBoolean()));
        Assert.All((await rest.Get($"jobs/{job}/fates")).GetProperty("recipients").EnumerateArray(), one => Assert.StartsWith("capture", Text(one, "host"), StringComparison.Ordinal));
        Assert.Equal("colleague@society.example", Assert.Single(outside.Messages).Recipient);
        foreach (var page in _pages)
        {
            await admin.Go($"/jobs/{job}/{page}".TrimEnd('/'));
            await Desk.Shown(admin.Page.Locator("#simulated"));
        }

        await admin.Go($"/jobs/{job}/report");
        await admin.Sees("Simulated, nobody got a message.");
        await admin.Picture("report-simulated");
        await admin.Go("/jobs");
        await admin.Sees("Completed, simulated");

        // A job of nobody's group, once the whole installation evaluates.
        var other = Text(await rest.Send(HttpMethod.Post, "jobs", new { title = "Of no group" }), "job");
        Assert.False((await rest.Get($"jobs/{other}")).GetProperty("simulated").GetBoolean());
        await admin.Go("/hub/groups");
        await admin.Press("Only simulate all deliveries");
        await admin.Sees("All deliveries that begin from now on are simulated.");
        await Until(rest, $"jobs/{other}", document => document.GetProperty("simulated").GetBoolean());
    }

    private static async Task MakeAGroupThatEvaluates(Desk admin, Installation installation)
    {
        await admin.Page.GotoAsync(new Uri(installation.Web, "/hub/groups").ToString());
        await admin.Page.Locator("#account").FillAsync("admin");
        await admin.Page.Locator("#password").FillAsync(installation.AdminPassword);
        await admin.Press("Sign in");
        await admin.Press("New group");
        await admin.Page.Locator("#name").FillAsync("Press");
        await admin.Page.Locator("#late-senders").CheckAsync();
        await admin.Page.Locator("#evaluation").CheckAsync();
        await admin.Page.Locator("[id^=member-]").First.CheckAsync();
        await admin.Picture("hub-group-rules");
        await admin.Press("Create group");
        await admin.Sees("Press was saved.");
    }

    private static async Task<long> WriteAProfile(Desk admin, RestClient rest)
    {
        await admin.Go("/sender-profiles");
        await admin.Page.Locator("#title").FillAsync("Press");
        await admin.Page.Locator("#name").FillAsync("The Press Office");
        await admin.Page.Locator("#address").FillAsync("press@{{ town }}.example");
        await admin.Press("Save profile");
        await admin.Sees("has a merge field in its domain");
        await admin.Page.Locator("#address").FillAsync("press@society.example");
        await admin.Page.Locator("#reply").FillAsync("answers@society.example");
        await admin.Page.GetByText("More: organisation").ClickAsync();
        await admin.Page.Locator("#organisation").FillAsync("The Example Society");
        await admin.Page.Locator("#postal").FillAsync("Am Hof 12\n53113 Bonn");
        await admin.Page.Locator("#bounces").FillAsync("bounces@society.example");
        await admin.Page.Locator("#headers").FillAsync("X-Department: Press");
        await admin.Press("Save profile");
        await Desk.Shown(admin.Page.GetByRole(AriaRole.Rowheader, new() { Name = "Press" }));
        await admin.Picture("sender-profiles");
        var profile = Assert.Single((await rest.Get("sender-profiles")).EnumerateArray());
        Assert.Equal(("Press", JsonValueKind.Null), (Text(profile, "title"), profile.GetProperty("group").ValueKind));
        return profile.GetProperty("number").GetInt64();
    }

    private static async Task<string> Prepare(Desk admin, RestClient rest)
    {
        await admin.Go("/jobs/new");
        await admin.Page.Locator("#title").FillAsync("To look at");
        await admin.Press("Create job");
        await admin.Sees("Add recipients");
        var job = new Uri(admin.Page.Url).Segments[^1];
        await rest.Send(HttpMethod.Post, $"jobs/{job}/recipients?fileName=guests.csv", "EMAIL,FIRSTNAME\nanna@guests.example,Anna\nben@guests.example,Ben\n");
        await Until(rest, $"jobs/{job}/recipients", source => Text(source, "state") == "ready");
        await rest.Send(HttpMethod.Put, $"jobs/{job}/content", new { subject = "For {{ FIRSTNAME }}", html = "<p>Dear {{ FIRSTNAME }}</p><p>[[*PostalAddress]]</p>", text = "Dear {{ FIRSTNAME }}\n\n[[*PostalAddress]]" });
        await rest.Send(HttpMethod.Put, $"jobs/{job}/tracking", new { type = "off" });
        return job;
    }

    private static async Task ChooseTheProfile(Desk admin, RestClient rest, string job, long profile)
    {
        await admin.Go($"/jobs/{job}/sender");
        await admin.Page.Locator("#profile").SelectOptionAsync("Press");
        await admin.Sees("Am Hof 12");
        await admin.Picture("sender-of-profile");
        await admin.Press("Save sender");
        await Until(rest, $"jobs/{job}", document => document.GetProperty("senderProfile") is { ValueKind: JsonValueKind.Number } number && number.GetInt64() == profile);
        await Until(rest, $"jobs/{job}", document => document.GetProperty("simulated").GetBoolean());

        // While the job uses it the profile stays.
        await admin.Go("/sender-profiles");
        await admin.Page.GetByLabel("Remove Press").ClickAsync();
        await admin.Page.Locator("#remove").GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await admin.Sees($"is the sender of the mail job {job}");
        Assert.Single((await rest.Get("sender-profiles")).EnumerateArray());
    }

    private static async Task SendATest(Desk admin, RestClient rest, RecordingSmtpServer outside, string job)
    {
        await Until(rest, "trackers", trackers => trackers.EnumerateArray().Any(tracker => Text(tracker, "publicUrl").Length > 0));
        await admin.Go($"/jobs/{job}/test");
        await admin.Page.Locator("#addresses").FillAsync("colleague@society.example");
        await admin.Press("Send test messages");
        await Until(rest, $"jobs/{job}/test", tests => tests.GetRawText().Contains("accepted", StringComparison.Ordinal));
        await rest.Send(HttpMethod.Post, $"jobs/{job}/test/accept");
        var message = Assert.Single(outside.Messages);
        var text = Encoding.UTF8.GetString(message.Raw).Replace("=\r\n", "", StringComparison.Ordinal);
        Assert.Equal("bounces@society.example", message.Sender);
        Assert.Contains("Evaluation mode: this is a test message.", text, StringComparison.Ordinal);
        Assert.Contains("From: The Press Office <press@society.example>", text, StringComparison.Ordinal);
        Assert.Contains("Reply-To: answers@society.example", text, StringComparison.Ordinal);
        Assert.Contains("Organization: The Example Society", text, StringComparison.Ordinal);
        Assert.Contains("X-Department: Press", text, StringComparison.Ordinal);
        Assert.Contains("53113 Bonn", text, StringComparison.Ordinal);
    }

    private static async Task ALateChangeCounts(Desk admin, RestClient rest, string job)
    {
        await Authorise(rest, job, at: "2099-07-14T09:30");
        await admin.Go("/sender-profiles");
        await admin.Page.GetByLabel("Change Press").ClickAsync();
        await admin.Page.Locator("#name").FillAsync("The Newsroom");
        await admin.Press("Save profile");
        await admin.Sees("The Newsroom <press@society.example>");
        Assert.Equal("The Newsroom", Text((await rest.Get($"jobs/{job}")).GetProperty("sender"), "name"));
        Assert.True((await rest.Get($"jobs/{job}/seal")).GetProperty("holds").GetBoolean());
        await rest.Send(HttpMethod.Post, $"jobs/{job}/revoke");
        Assert.Equal("outdated", Text(await rest.Get($"jobs/{job}"), "test"));
        await rest.Send(HttpMethod.Post, $"jobs/{job}/test/waive");
    }

    private static async Task Authorise(RestClient rest, string job, string? at)
    {
        await rest.Send(HttpMethod.Put, $"jobs/{job}/schedule", new { at });
        await rest.Send(HttpMethod.Post, $"jobs/{job}/preflight");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/preflight/ticks");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/authorize");
    }

    private static async Task Until(RestClient rest, string path, Func<JsonElement, bool> isThere)
    {
        JsonElement last = default;
        await Waiting.Until(async () => isThere(last = await rest.Get(path)), _patience, () => $"{path} stays {last.GetRawText()}");
    }

    private static string Text(JsonElement document, string name) => document.GetProperty(name).GetString() ?? "";
}
