// SPDX-License-Identifier: Apache-2.0
using Microsoft.Playwright;
using Tutti.System.Tests.Browser;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Rest;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Pages;

/// <summary>
/// Every page, wide and light, narrow and dark: axe-core finds nothing serious, nothing is cut off or wider than the screen.
/// Pictures of all of them are in <c>artifacts/screenshots</c>.
/// </summary>
public sealed class AllPagesTests : SystemTest
{
    [Fact]
    public async Task Every_page_can_be_used_by_everybody_on_a_desk_and_on_a_telephone()
    {
        var outside = Own(new RecordingSmtpServer(Stage.Behave));
        var installation = Own(await Installation.SetUp(separate: false, CampaignRun.Settings(outside, connections: 2)));
        await installation.Start();
        await installation.CreateToken();
        using var program = new RestClient(installation);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Desk.Browser(playwright);
        await using var admin = await Desk.SignIn(browser, installation, "admin", installation.AdminPassword);
        await Stage.MakePeople(admin, installation);
        var stage = new Stage(installation, outside, program);
        await stage.Fill();
        var sights = Sights(stage);

        // A new page that is not looked at is a failure.
        Assert.Equal(Routes.All.Order(StringComparer.Ordinal), sights.Select(sight => sight.Route).Distinct().Order(StringComparer.Ordinal));
        await using var stranger = await browser.NewContextAsync();
        var outsideTheDoor = await stranger.NewPageAsync();
        var errors = new List<string>();
        admin.Page.PageError += (_, error) => errors.Add($"{admin.Page.Url}: {error}");
        var problems = new List<string>();
        foreach (var sight in sights)
        {
            problems.AddRange(await sight.Look(sight.Route.EndsWith("/sign-in", StringComparison.Ordinal) ? outsideTheDoor : admin.Page, installation.Web));
        }

        Assert.True(problems.Count == 0, string.Join("\n", problems));
        Assert.Empty(errors);
    }

    private static List<Sight> Sights(Stage stage)
    {
        var (done, ongoing, open, blank) = (stage.Done, stage.Ongoing, stage.Open, stage.Blank);
        return
        [
            new("/", "/", "dashboard", ".t-calendar"),
            new("/sign-in", "/sign-in", "sign-in", "#account"),
            new("/jobs", "/jobs", "jobs", "main table"),
            new("/jobs/new", "/jobs/new", "job-new", "#title"),
            new("/jobs/{Code}", $"/jobs/{open}", "job-open", ".t-steps"),
            new("/jobs/{Code}", $"/jobs/{blank}", "job-blank", ".t-steps"),
            new("/jobs/{Code}", $"/jobs/{ongoing}", "job-ongoing", ".t-bar"),
            new("/jobs/{Code}", $"/jobs/{done}", "job-done", ".t-steps"),
            new("/jobs/{Code}/recipients", $"/jobs/{open}/recipients", "recipients", "main .t-card"),
            new("/jobs/{Code}/recipients", $"/jobs/{blank}/recipients", "recipients-none", "main form"),
            new("/jobs/{Code}/recipients/people", $"/jobs/{done}/recipients/people?step=suppressed", "recipients-people"),
            new("/jobs/{Code}/recipients/why", $"/jobs/{done}/recipients/why?address=refused@guests.example", "recipients-why"),
            new("/jobs/{Code}/content", $"/jobs/{open}/content", "content", "#html-editor"),
            new("/jobs/{Code}/content", $"/jobs/{blank}/content", "content-none", "#html-editor"),
            new("/jobs/{Code}/files", $"/jobs/{open}/files", "files", "#file"),
            new("/jobs/{Code}/tracking", $"/jobs/{open}/tracking", "tracking", "main form"),
            new("/jobs/{Code}/sender", $"/jobs/{open}/sender", "sender", "#address"),
            new("/jobs/{Code}/test", $"/jobs/{open}/test", "test", "#addresses"),
            new("/jobs/{Code}/schedule", $"/jobs/{open}/schedule", "schedule", "#at"),
            new("/jobs/{Code}/preflight", $"/jobs/{open}/preflight", "preflight", "[data-rule]"),
            new("/jobs/{Code}/authorise", $"/jobs/{open}/authorise", "authorise", "[data-rule]"),
            new("/jobs/{Code}/rehearsal", $"/jobs/{open}/rehearsal", "rehearsal"),
            new("/jobs/{Code}/team", $"/jobs/{open}/team", "team", "main table"),
            new("/jobs/{Code}/copy", $"/jobs/{open}/copy", "copy", "#title"),
            new("/jobs/{Code}/report", $"/jobs/{done}/report", "report", "[data-count=opened]"),
            new("/jobs/{Code}/report/recipients", $"/jobs/{done}/report/recipients", "report-recipients", "main table"),
            new("/archives", "/archives", "archives", ".t-empty"),
            new("/journal", "/journal", "journal", "main table"),
            new("/notices", "/notices", "notices", "#by-mail"),
            new("/drop-ins", "/drop-ins", "drop-ins", "main table"),
            new("/media", "/media", "media", "main img"),
            new("/sender-profiles", "/sender-profiles", "sender-profiles", ".t-empty"),
            new("/suppression", "/suppression", "suppression", "main table"),
            new("/databases", "/databases", "databases", ".t-empty"),
            new("/listserv", "/listserv", "listserv"),
            new("/tokens", "/tokens", "tokens", "main table"),
            new("/webhooks", "/webhooks", "webhooks", "main table"),
            new("/webhooks/{Id:long}", "/webhooks/1", "webhook"),
            new("/hub", "/hub/", "hub", "main table"),
            new("/hub/sign-in", "/hub/sign-in", "hub-sign-in", "#account"),
            new("/hub/accounts", "/hub/accounts", "hub-accounts", "main table", "New account"),
            new("/hub/groups", "/hub/groups", "hub-groups", "main table", "New group"),
            new("/hub/lanes", "/hub/lanes", "hub-lanes", "main table"),
            new("/hub/servers", "/hub/servers", "hub-servers", "#address"),
            new("/hub/servers/removal", "/hub/servers/removal?server=127.0.0.1", "hub-servers-removal"),
            new("/hub/sign-ins", "/hub/sign-ins", "hub-sign-ins", "main table"),
        ];
    }
}
