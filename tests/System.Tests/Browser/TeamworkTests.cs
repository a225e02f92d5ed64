// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Rest;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Browser;

/// <summary>People who work together on mail jobs, each at a browser: what one of them sets on a page counts for the others, and over REST.</summary>
public sealed class TeamworkTests : SystemTest
{
    private const string Password = "correct horse";

    [Fact]
    public async Task A_group_works_together_and_what_its_owner_decides_counts_everywhere()
    {
        var post = Own(new RecordingSmtpServer());
        var installation = Own(await Installation.SetUp(
            separate: false, "lui.NoticesFrom=tutti@society.example", $"lui.NoticesHost={post.Address}", "lui.NoticesEvery=00:00:01"));
        await installation.Start();
        await installation.CreateToken();
        using var program = new RestClient(installation);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Desk.Browser(playwright);
        await using (var admin = await Desk.SignIn(browser, installation, "admin", installation.AdminPassword))
        {
            await MakeAccounts(admin, installation);
        }

        await using var anna = await Desk.SignIn(browser, installation, "anna", Password);
        await using var ben = await Desk.SignIn(browser, installation, "ben", Password);
        await using var cleo = await Desk.SignIn(browser, installation, "cleo", Password);
        var job = await MakeJob(anna);
        await TheOwnerDecides(anna, ben, cleo, program, job);
        await JobsLieInFolders(anna, program, job);
        await TheMarginOfAJob(anna, ben, program, post, job);
        await ACopyAndThePalette(anna, program, job);
    }

    private static async Task MakeAccounts(Desk admin, Installation installation)
    {
        await admin.Page.GotoAsync(new Uri(installation.Web, "/hub/accounts").ToString());
        await admin.Page.Locator("#account").FillAsync("admin");
        await admin.Page.Locator("#password").FillAsync(installation.AdminPassword);
        await admin.Press("Sign in");
        foreach (var name in new[] { "anna", "ben", "cleo" })
        {
            await admin.Press("New account");
            await admin.Page.Locator("#new-name").FillAsync(name);
            await admin.Page.Locator("#mail").FillAsync($"{name}@society.example");
            await admin.Page.Locator("#new-password").FillAsync(Password);
            await admin.Press("Create account");
            await admin.Sees($"{name} may sign in now.");
        }

        await admin.Go("/hub/groups");
        await admin.Press("New group");
        await admin.Page.Locator("#name").FillAsync("Press");
        await admin.Page.Locator("#others").SelectOptionAsync("See");
        await admin.Page.Locator("#four-eyes").CheckAsync();
        await admin.Page.GetByLabel("anna").CheckAsync();
        await admin.Page.GetByLabel("ben").CheckAsync();
        await admin.Picture("hub-group-form");
        await admin.Press("Create group");
        await admin.Sees("Press was saved.");
        await Desk.Shown(admin.Page.GetByRole(AriaRole.Cell, new() { Name = "anna, ben" }));
        await admin.Picture("hub-groups");
        await admin.Go("/hub/accounts");
        await Desk.Shown(admin.Page.GetByRole(AriaRole.Cell, new() { Name = "Press" }).First);
        await admin.Picture("hub-accounts");
    }

    private static async Task<string> MakeJob(Desk anna)
    {
        await anna.Go("/jobs/new");
        await anna.Page.Locator("#title").FillAsync("Press release");
        await anna.Press("Create job");
        await anna.Sees("Add recipients");
        return new Uri(anna.Page.Url).Segments[^1];
    }

    private static async Task TheOwnerDecides(Desk anna, Desk ben, Desk cleo, RestClient program, string job)
    {
        // The group is known to the user interface within seconds; then its rule counts: members see, others find nothing.
        await Waiting.Until(
            async () => (await program.Get($"jobs/{job}/team")).GetProperty("members").GetArrayLength() == 1,
            TimeSpan.FromSeconds(60),
            () => "The group did not come from the hub.");
        await ben.Go($"/jobs/{job}/content");
        await ben.Sees("lets you see this step, not change it");
        await Assertions.Expect(ben.Page.Locator("#subject")).ToBeDisabledAsync();
        await cleo.Go($"/jobs/{job}");
        await cleo.Sees("No such");
        await cleo.Go("/jobs");
        await Assertions.Expect(cleo.Page.GetByText("Press release")).ToHaveCountAsync(0);

        await anna.Go($"/jobs/{job}/team");
        var content = anna.Page.GetByLabel("Content for ben");
        await content.SelectOptionAsync("Edit");
        await anna.Page.GetByLabel("Recipients for ben").SelectOptionAsync("None");
        await anna.Picture("team");
        await anna.Press("Save team");
        await anna.Sees("It counts from now on");

        var rights = (await program.Get($"jobs/{job}/team")).GetProperty("members")[0].GetProperty("steps");
        Assert.Equal(("edit", "none", "see"), (Word(rights, "content"), Word(rights, "recipients"), Word(rights, "schedule")));
        await ben.Go($"/jobs/{job}/content");
        await ben.Page.Locator("#subject").FillAsync("From Ben");
        await ben.Page.Locator("#text-by-hand").CheckAsync();
        await ben.Page.Locator("#text-editor").FillAsync("Words");
        await ben.Press("Save message");
        await ben.Sees("Saved.");
        Assert.Equal("From Ben", (await program.Get($"jobs/{job}/content")).GetProperty("subject").GetString());
        await ben.Go($"/jobs/{job}/recipients");
        await ben.Sees("Not for you");
        await ben.Picture("not-for-you");
        await ben.Go($"/jobs/{job}");
        await ben.Sees("Not for you: the owner decides");
        await ben.Picture("job-of-member");
    }

    private static async Task JobsLieInFolders(Desk anna, RestClient program, string job)
    {
        await anna.Go("/jobs");
        foreach (var name in new[] { "Autumn", "Spring" })
        {
            await anna.Press("New folder");
            await anna.Page.Locator("#folder-name").FillAsync(name);
            await anna.Page.Locator("#folder-parent").SelectOptionAsync("0");
            await anna.Press("Create folder");
            await Desk.Shown(anna.Page.Locator(".t-folder", new() { HasText = name }));
        }

        await anna.Page.Locator("[data-folder=all]").ClickAsync();
        await anna.Page.Locator($"tr[data-job='{job}']").DragToAsync(anna.Page.Locator(".t-folder", new() { HasText = "Autumn" }));
        await anna.Sees("1 mail job moved to Autumn.");
        var autumn = (await program.Get("folders")).EnumerateArray().Single(folder => Word(folder, "name") == "Autumn").GetProperty("id").GetInt64();
        Assert.Equal(1, (await program.Get($"jobs?folder={autumn}")).GetProperty("total").GetInt64());
        await anna.Picture("jobs");

        // The same by keyboard alone.
        var row = anna.Page.GetByLabel($"Select {job}");
        await row.FocusAsync();
        await anna.Page.Keyboard.PressAsync("Space");
        await anna.Page.Locator("#move-to").FocusAsync();
        await anna.Page.Keyboard.TypeAsync("Spring");
        await anna.Page.Keyboard.PressAsync("Tab");
        await anna.Page.Keyboard.PressAsync("Enter");
        await anna.Sees("1 mail job moved to Spring.");
        Assert.Equal(0, (await program.Get($"jobs?folder={autumn}")).GetProperty("total").GetInt64());
        await anna.Press("Undo");
        await Waiting.Until(
            async () => (await program.Get($"jobs?folder={autumn}")).GetProperty("total").GetInt64() == 1,
            TimeSpan.FromSeconds(60),
            () => "The move was not undone.");
    }

    private static async Task TheMarginOfAJob(Desk anna, Desk ben, RestClient program, RecordingSmtpServer post, string job)
    {
        await ben.Go($"/jobs/{job}");
        await ben.Press("Watch");
        await ben.Sees("Stop watching");
        await ben.Page.Locator("#note").FillAsync("Ask the press office first");
        await ben.Press("Add note");
        await Desk.Shown(ben.Page.GetByRole(AriaRole.Cell, new() { Name = "Ask the press office first" }));
        Assert.Equal("note", Word((await program.Get($"journal?search=press%20office")).GetProperty("lines")[0], "kind"));

        // A date so near that people are reminded at once: on the screen, and by mail to those who want all of it.
        await anna.Go("/notices");
        await anna.Page.Locator("#by-mail").SelectOptionAsync("All");
        await anna.Press("Save choice");
        await anna.Sees("It counts for what happens from now on");
        await anna.Go($"/jobs/{job}");
        await anna.Page.Locator("#decide-by").FillAsync(TimeProvider.System.GetUtcNow().AddHours(20).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture));
        await anna.Press("Save date");
        await anna.Sees("Asked for a decision until");
        Assert.NotEqual(JsonValueKind.Null, (await program.Get($"jobs/{job}")).GetProperty("dueDate").ValueKind);
        await Waiting.Until(() => Task.FromResult(post.Messages.Any(message => message.Recipient == "anna@society.example")), TimeSpan.FromSeconds(60), () => "No mail reminded of the date.");
        Assert.DoesNotContain(post.Messages, message => message.Recipient == "ben@society.example");
        await ben.Go("/notices");
        await ben.Sees("It has to be authorised by");
        await ben.Picture("notices");

        await anna.Go("/journal");
        await anna.Page.Locator("#kind").SelectOptionAsync("note");
        await anna.Sees("Ask the press office first");
        await Assertions.Expect(anna.Page.GetByText("Asked for a decision until")).ToHaveCountAsync(0);
        await anna.Picture("journal");
        await anna.Go("/");
        await Desk.Shown(anna.Page.Locator($"[data-attention='{job}']"));
        await anna.Page.Locator($"[data-day='{TimeProvider.System.GetUtcNow().AddHours(20):yyyy-MM-dd}']").ClickAsync();
        await anna.Sees("to be authorised");
        await anna.Picture("dashboard");
    }

    private static async Task ACopyAndThePalette(Desk anna, RestClient program, string job)
    {
        await anna.Go($"/jobs/{job}/copy");
        await anna.Page.Locator("#title").FillAsync("Second press release");
        await anna.Page.Locator("#whole-team").UncheckAsync();
        await anna.Picture("copy");
        await anna.Press("Make copy");
        await anna.Sees($"Made it as a copy of {job}.");
        var copy = new Uri(anna.Page.Url).Segments[^1];
        Assert.Equal("From Ben", Word(await program.Get($"jobs/{copy}/content"), "subject"));
        Assert.False((await program.Get($"jobs/{copy}/team")).GetProperty("members")[0].GetProperty("decided").GetBoolean());

        // By keyboard alone, from wherever the focus is.
        await anna.Page.Keyboard.PressAsync("Control+k");
        await Desk.Shown(anna.Page.GetByRole(AriaRole.Dialog));
        await Assertions.Expect(anna.Page.Locator("#palette")).ToBeFocusedAsync();
        await anna.Page.Keyboard.TypeAsync(job);
        await Desk.Shown(anna.Page.GetByRole(AriaRole.Option, new() { Name = $"Report of {job}" }));
        await anna.Picture("palette");
        await anna.Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(anna.Page.GetByRole(AriaRole.Option, new() { Name = $"Report of {job}" })).ToHaveAttributeAsync("aria-selected", "true");
        await anna.Page.Keyboard.PressAsync("Enter");
        await anna.Page.WaitForURLAsync(address => address.EndsWith($"/jobs/{job}/report", StringComparison.Ordinal));
        await anna.Page.Keyboard.PressAsync("Control+k");
        await Desk.Shown(anna.Page.GetByRole(AriaRole.Dialog));
        await anna.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(anna.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    private static string? Word(JsonElement element, string name) => element.GetProperty(name).GetString();
}
