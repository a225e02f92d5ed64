// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.Playwright;
using MimeKit;
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Browser;

/// <summary>A person's way through the pages, from the upload to the report, in a real browser.</summary>
public sealed class FirstCampaignTests : SystemTest
{
    private const string Colleague = "colleague@society.example";
    private static readonly LocatorAssertionsToBeVisibleOptions _patiently = new() { Timeout = 60_000 };

    [Fact]
    public async Task A_person_uploads_writes_tests_authorises_and_reads_the_report()
    {
        var audience = Audience.Make(300, seed: 11);
        var outside = Own(new RecordingSmtpServer(audience.Behave));
        var players = Own(new Players(seed: 5));
        var installation = Own(await Installation.SetUp(separate: false, CampaignRun.Settings(outside, connections: 4)));
        await installation.Start();
        var files = Directory.CreateDirectory(installation.Home + ".files").FullName;
        await audience.Write(Path.Combine(files, "members.csv"));
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

        await SignIn(page, installation);
        await MakeJob(page);
        await Upload(page, Path.Combine(files, "members.csv"));
        await Write(page, installation);
        await page.Locator("a[href$='/tracking']").First.ClickAsync();
        await Press(page, "Save tracking");
        await NameSender(page);
        await Test(page);
        await AuthoriseForTomorrowAndRevoke(page);
        await AuthoriseStopAndRetry(page, installation);
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Open report" })).ToBeVisibleAsync(_patiently);

        await players.Read(outside.Messages.Where(message => message.Kept && message.Recipient != Colleague));
        await page.GetByRole(AriaRole.Link, new() { Name = "Open report" }).ClickAsync();
        await ReportShows(page, players);
        var kept = outside.Messages.Where(message => message.Kept && message.Recipient != Colleague).Select(message => message.Recipient).ToList();
        Assert.Equal(kept.Count, kept.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        var (accepted, inDoubt) = (await Number(page, "[data-fate=accepted]"), await Number(page, "[data-fate=in-doubt]"));

        // A receiver that hangs up in the middle of a message may do so when the sender has just written its end: in doubt, and not kept.
        Assert.InRange(kept.Count, accepted, accepted + inDoubt);
        Assert.Equal(audience.People.Count, accepted + inDoubt + await Number(page, "[data-fate=refused]"));
        Assert.Contains(outside.Messages, message => message.Recipient == Colleague);
        Assert.All(outside.Messages.Where(message => message.Kept && audience.Has(message.Recipient)), message => IsAsWritten(message, audience[message.Recipient]));
        await JoinIsRefused(page, installation);
        await PauseAndResume(page, installation);
        Assert.Empty(errors);
        Directory.Delete(files, recursive: true);
    }

    private static async Task SignIn(IPage page, Installation installation)
    {
        // Pages answer clicks only when their connection to the server is up.
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, _) => connected.TrySetResult();
        await page.GotoAsync(installation.Web.ToString());
        await page.Locator("#account").FillAsync("admin");
        await page.Locator("#password").FillAsync(installation.AdminPassword);
        await Press(page, "Sign in");
        await page.WaitForURLAsync(address => !address.Contains("sign-in", StringComparison.Ordinal));
        await connected.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancelled);
    }

    /// <summary>An administrator sees the smarthost's lane, pauses it with the keyboard, sees it paused on the command line too, and resumes it.</summary>
    private static async Task PauseAndResume(IPage page, Installation installation)
    {
        await page.GotoAsync(new Uri(installation.Web, "/hub/lanes").ToString());
        var row = page.Locator("tbody tr").First;
        await Assertions.Expect(row.GetByText("Mail flows")).ToBeVisibleAsync(_patiently);
        await row.GetByRole(AriaRole.Button).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("is paused.")).ToBeVisibleAsync(_patiently);
        await Assertions.Expect(row.GetByText("Paused by hand")).ToBeVisibleAsync(_patiently);
        Assert.Contains("paused by admin", (await installation.Command("dst", "lanes")).Expect(0).Output, StringComparison.Ordinal);
        await row.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(row.GetByText("Mail flows")).ToBeVisibleAsync(_patiently);
        Assert.Contains("closed", (await installation.Command("dst", "lanes")).Expect(0).Output, StringComparison.Ordinal);
    }

    /// <summary>An administrator gives a join code where there is no authority: the page says so, and what to do.</summary>
    private static async Task JoinIsRefused(IPage page, Installation installation)
    {
        await page.GotoAsync(new Uri(installation.Web, "/hub/servers").ToString());
        await page.Locator("#account, #code").First.WaitForAsync();
        if (await page.Locator("#account").CountAsync() > 0)
        {
            await page.Locator("#account").FillAsync("admin");
            await page.Locator("#password").FillAsync(installation.AdminPassword);
            await Press(page, "Sign in");
        }

        await page.Locator("#address").FillAsync("new.tutti.test");
        await page.Locator("#code").FillAsync("AAAA-BBBB");
        await Press(page, "Add server");
        await Assertions.Expect(page.GetByText("new.tutti.test was not let in.")).ToBeVisibleAsync(_patiently);
        await Assertions.Expect(page.GetByText("tutti cluster init").First).ToBeVisibleAsync(_patiently);
    }

    private static async Task MakeJob(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "New mail job" }).First.ClickAsync();
        await page.Locator("#title").FillAsync("Letter to the members");
        await Press(page, "Create job");
    }

    private static async Task Upload(IPage page, string file)
    {
        await page.Locator("a[href$='/recipients']").First.ClickAsync();
        await page.Locator("#file").SetInputFilesAsync(file);
        await Press(page, "Upload file");
        await Press(page, "Import recipients");
        await Assertions.Expect(page.GetByText("Download recipients")).ToBeVisibleAsync(_patiently);
        await Back(page);
    }

    /// <summary>Writes the message as somebody does who comes from LISTSERV, loses the connection in the middle, and has a colleague who saves meanwhile.</summary>
    private static async Task Write(IPage page, Installation installation)
    {
        await page.Locator("a[href$='/content']").First.ClickAsync();
        await page.Locator("#html-editor").FillAsync(Letter.Html.Replace("{{ CODE }}", "&CODE;", StringComparison.Ordinal).Replace("</body>", "<p>{{ 1234.5 | currency: \"EUR\" }}</p></body>", StringComparison.Ordinal));
        await page.Locator("#subject").FillAsync(Letter.Subject);
        await page.Locator("#preheader").FillAsync("Between us, {{ TOWN }}");
        await page.Locator("#language").FillAsync("de");
        await Press(page, "Translate");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).WaitForAsync();
        await Assertions.Expect(page.GetByText("Recovery copy kept.")).ToBeVisibleAsync(_patiently);

        (await installation.Command("component", "stop", "lui", "--yes")).Expect(0);
        (await installation.Command("component", "start", "lui")).Expect(0);

        // The page has lost its place at the server and fetches itself anew.
        await Press(page, "Take it up");
        await Assertions.Expect(page.Locator("#html-editor")).ToContainTextAsync("your code is {{ CODE }}.", new() { Timeout = 60_000 });
        await page.Locator("#preheader").FillAsync("Between us, {{ FIRSTNAME }}");

        await using var colleague = await page.Context.Browser!.NewContextAsync(new() { StorageState = await page.Context.StorageStateAsync() });
        var theirs = await colleague.NewPageAsync();

        // A browser that cannot run the editors shows the plain field.
        await theirs.RouteAsync("**/editor*.js", route => route.AbortAsync());
        await theirs.GotoAsync(page.Url);
        await theirs.Locator("#subject").FillAsync("Theirs");
        await theirs.Locator("#text-by-hand").CheckAsync();
        await theirs.Locator("#text").FillAsync("Theirs");
        await Press(theirs, "Save message");
        await Assertions.Expect(theirs.GetByText("Saved.", new() { Exact = true })).ToBeVisibleAsync(_patiently);
        await Press(page, "Save message");
        await Assertions.Expect(page.Locator("#their-subject")).ToHaveValueAsync("Theirs", new() { Timeout = 60_000 });
        await Press(page, "Overwrite it with mine");
        await Assertions.Expect(page.GetByText("Saved.", new() { Exact = true })).ToBeVisibleAsync(_patiently);
        await Back(page);
    }

    /// <summary>What was chosen on the message page is in the message: the preheader, the text made from the HTML, the language, and what was translated.</summary>
    private static void IsAsWritten(ReceivedMessage message, Person person)
    {
        using var raw = new MemoryStream(message.Raw);
        var letter = MimeMessage.Load(raw, Cancelled);
        var text = letter.TextBody!.ReplaceLineEndings("\n");
        Assert.Equal($"A letter for {person.FirstName}", letter.Subject);
        Assert.Contains($"Between us, {person.FirstName}", WebUtility.HtmlDecode(letter.HtmlBody), StringComparison.Ordinal);
        Assert.StartsWith($"Dear {person.FirstName} {person.LastName}, your code is code-{person.Number}.\n\nProgramme <http", text, StringComparison.Ordinal);
        Assert.Contains("1.234,50\u00A0€", text, StringComparison.Ordinal);
    }

    private static async Task NameSender(IPage page)
    {
        await page.Locator("a[href$='/sender']").First.ClickAsync();
        await page.Locator("#name").FillAsync("The Example Society");
        await page.Locator("#address").FillAsync("news@society.example");
        await page.Locator("#reply").FocusAsync();
        await Press(page, "Save sender");
    }

    private static async Task Test(IPage page)
    {
        await page.Locator("a[href$='/test']").First.ClickAsync();
        await page.Locator("#addresses").FillAsync(Colleague);
        await Press(page, "Send test messages");
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "accepted" }).First).ToBeVisibleAsync(_patiently);
        await Press(page, "Accept test");
    }

    private static async Task Authorise(IPage page)
    {
        await page.Locator("a[href$='/authorise']").First.ClickAsync();
        await page.Locator("[data-rule]").First.WaitForAsync();
        while (await page.Locator("input[id^=tick-]:not(:checked)").CountAsync() is var left and > 0)
        {
            await page.Locator("input[id^=tick-]:not(:checked)").First.ClickAsync();
            await Assertions.Expect(page.Locator("input[id^=tick-]:not(:checked)")).ToHaveCountAsync(left - 1);
        }

        await Press(page, "Authorise delivery");
        await Press(page, "Authorise delivery now");
    }

    private static async Task AuthoriseForTomorrowAndRevoke(IPage page)
    {
        await page.Locator("a[href$='/schedule']").First.ClickAsync();
        await page.Locator("#at-time").CheckAsync();
        await page.Locator("#at").FocusAsync();
        await Press(page, "Save schedule");
        await Authorise(page);
        await Press(page, "Revoke authorisation");
        await Sure(page, "Revoke authorisation");
        await Assertions.Expect(page.GetByText("Revoked the authorisation.")).ToBeVisibleAsync(_patiently);

        await page.Locator("a[href$='/schedule']").First.ClickAsync();
        await page.Locator("#at-once").CheckAsync();
        await Press(page, "Save schedule");
    }

    /// <summary>Without its tracker the job waits; stopped, it goes on when people say so.</summary>
    private static async Task AuthoriseStopAndRetry(IPage page, Installation installation)
    {
        (await installation.Command("component", "stop", "trk", "--yes")).Expect(0);
        await Authorise(page);
        await Press(page, "Stop delivery");
        await Sure(page, "Stop delivery");
        await Assertions.Expect(page.GetByText("Stopped by admin.").First).ToBeVisibleAsync(_patiently);
        (await installation.Command("component", "start", "trk")).Expect(0);
        await Press(page, "Retry delivery");
        await Sure(page, "Retry delivery");
    }

    private static Task Sure(IPage page, string button) =>
        page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static async Task ReportShows(IPage page, Players players)
    {
        var opened = players.Log.Where(played => played is { IsClick: false, Answered: true }).Select(played => played.Recipient).Distinct().Count();
        var clicked = players.Log.Where(played => played is { IsClick: true, Answered: true }).Select(played => played.Recipient).Distinct().Count();
        Assert.True(opened > 0 && clicked > 0);
        long shownOpened = 0, shownClicked = 0;
        await Waiting.Until(
            async () =>
            {
                await page.ReloadAsync();
                (shownOpened, shownClicked) = (await Number(page, "[data-count=opened]"), await Number(page, "[data-count=clicked]"));
                return shownOpened == opened && shownClicked == clicked;
            },
            TimeSpan.FromSeconds(60),
            () => $"{opened} opened and {clicked} clicked, the report shows {shownOpened} and {shownClicked}.");
    }

    private static Task Press(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();

    private static Task Back(IPage page) => page.GetByRole(AriaRole.Link, new() { Name = "Back to the job" }).ClickAsync();

    private static async Task<long> Number(IPage page, string selector) =>
        long.Parse(await page.Locator(selector).First.InnerTextAsync(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
