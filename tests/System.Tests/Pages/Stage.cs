// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Browser;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Rest;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Pages;

/// <summary>An installation in which somebody has worked: a job that is done and read, one that waits for its receivers, one that is being made, and one that is new.</summary>
internal sealed class Stage(Installation installation, RecordingSmtpServer outside, RestClient program)
{
    private const string Picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private const string Letter =
        "<html lang=\"en\"><head><title>Letter</title></head><body><h1>Dear {{ FIRSTNAME }}</h1><p><a href=\"https://society.example/a-rather-long-address/of/the/programme?season=summer&amp;year=2026\">The programme</a></p>" +
        "<p>The Example Society, 1 High Street, Example Town</p><img src=\"https://society.example/hall.png\"><p><a href=\"{{ unsubscribe_url }}\">Unsubscribe</a></p></body></html>";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>Code of the job that is done.</summary>
    public string Done { get; private set; } = "";

    /// <summary>Code of the job whose receivers ask to come back later.</summary>
    public string Ongoing { get; private set; } = "";

    /// <summary>Code of the job that is being made.</summary>
    public string Open { get; private set; } = "";

    /// <summary>Code of the job of which there is only the title.</summary>
    public string Blank { get; private set; } = "";

    /// <summary>What the outside world does with a recipient.</summary>
    public static Behaviour Behave(string address, int attempt) => address switch
    {
        _ when address.StartsWith("refused", StringComparison.Ordinal) => Behaviour.RefuseAddress,
        _ when address.StartsWith("later", StringComparison.Ordinal) => Behaviour.DeferAddress,
        _ => Behaviour.Accept,
    };

    /// <summary>Accounts and a group, as an administrator makes them.</summary>
    public static async Task MakePeople(Desk admin, Installation installation)
    {
        await admin.Page.GotoAsync(new Uri(installation.Web, "/hub/accounts").ToString());
        await admin.Page.Locator("#account").FillAsync("admin");
        await admin.Page.Locator("#password").FillAsync(installation.AdminPassword);
        await admin.Press("Sign in");
        foreach (var name in new[] { "ben", "carla-constantia-of-the-press-office" })
        {
            await admin.Press("New account");
            await admin.Page.Locator("#new-name").FillAsync(name);
            await admin.Page.Locator("#mail").FillAsync($"{name}@society.example");
            await admin.Page.Locator("#new-password").FillAsync("correct horse");
            await admin.Press("Create account");
            await admin.Sees($"{name} may sign in now.");
        }

        await admin.Go("/hub/groups");
        await admin.Press("New group");
        await admin.Page.Locator("#name").FillAsync("Press and public relations");
        foreach (var box in await admin.Page.Locator("main form input[type=checkbox]").AllAsync())
        {
            await box.CheckAsync();
        }

        await admin.Press("Create group");
        await admin.Sees("was saved.");
    }

    /// <summary>Jobs in all their states and what is around them.</summary>
    public async Task Fill()
    {
        await Waiting.Until(
            async () => (await program.Get("trackers")).EnumerateArray().Any(tracker => tracker.GetProperty("publicUrl").GetString()!.Length > 0),
            _patience,
            () => "The hub has not found everybody.");
        await program.Send(HttpMethod.Post, "suppression", new { addresses = new[] { "never@guests.example" }, reason = "unsubscribed" });
        await program.Send(HttpMethod.Put, "drop-ins/IMPRINT", new { name = "IMPRINT", description = "Who we are", kind = "text", isHtml = false, isEnabled = true, body = "The Example Society, 1 High Street" });
        await program.Send(HttpMethod.Post, "media?fileName=hall.png&alt=The%20hall%20at%20night", Convert.FromBase64String(Picture));
        await program.Send(HttpMethod.Post, "folders", new { name = "Press and public relations" });
        await program.Send(HttpMethod.Post, "webhooks", new { name = "Customer relations", url = "https://crm.society.example/hooks/campaigns/0123456789abcdef", events = new[] { "job.completed" } });
        Done = await Send("Summer programme", "EMAIL,FIRSTNAME\nanna@guests.example,Anna\nbruno@guests.example,Bruno\nrefused@guests.example,Rita\nnever@guests.example,Nora\nno address,Carl\nanna@guests.example,Again\n");
        Ongoing = await Send("For slow receivers", "EMAIL,FIRSTNAME\nlater1@slow.example,Lara\nlater2@slow.example,Lee\nfast@guests.example,Fay\n");
        Blank = await Make("Nothing but a title");
        Open = await Make("Autumn programme with a title that is long enough to need a second line on a telephone");
        await Write(Open, "EMAIL,FIRSTNAME,ZONE\nanna@guests.example,Anna,Europe/Berlin\nben@guests.example,,Asia/Tokyo\nno address,Carl,UTC\n");
        await program.Send(HttpMethod.Post, $"jobs/{Open}/files?fileName=invitation-with-quite-a-long-name-for-a-file.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
        await program.Send(HttpMethod.Post, $"jobs/{Open}/test", new { addresses = new[] { "colleague@society.example" } });
        await program.Send(HttpMethod.Post, $"jobs/{Open}/notes", new { text = "Ask the press office first" });
        await program.Send(HttpMethod.Put, $"jobs/{Open}/due-date", new { by = TimeProvider.System.GetUtcNow().AddHours(20) });
        await program.Send(HttpMethod.Put, $"jobs/{Open}/schedule", new { at = "2030-01-01T09:00", zone = "UTC", zoneColumn = "ZONE" });
        await program.Send(HttpMethod.Post, $"jobs/{Open}/preflight");
        await Until($"jobs/{Done}/receipt", "\"state\":\"completed\"");
        await Until($"jobs/{Open}/test", "accepted");
        await program.Send(HttpMethod.Post, $"jobs/{Open}/test/accept");
        await program.Send(HttpMethod.Put, $"jobs/{Open}/owner", new { person = "1" });
        await Until($"jobs/{Ongoing}/fates?fate=accepted", "fast@guests.example");
        await using var readers = new Players(seed: 5, opening: 1, clicking: 1);
        await readers.Read(outside.Messages.Where(message => message.Recipient is "anna@guests.example" or "bruno@guests.example"));
        await Until($"jobs/{Done}/report", "\"recipients\":2");
    }

    private async Task<string> Make(string title) => (await program.Send(HttpMethod.Post, "jobs", new { title })).GetProperty("job").GetString()!;

    private async Task Write(string job, string recipients)
    {
        await program.Send(HttpMethod.Post, $"jobs/{job}/recipients?fileName=guests.csv", recipients);
        await Until($"jobs/{job}/recipients", "\"state\":\"ready\"");
        await program.Send(HttpMethod.Put, $"jobs/{job}/content", new { subject = "News for {{ FIRSTNAME }}", html = Letter, text = "Dear {{ FIRSTNAME }}, [[IMPRINT]]", preheader = "What is on" });
        await program.Send(HttpMethod.Put, $"jobs/{job}/tracking", new { type = "personal" });
        await program.Send(HttpMethod.Put, $"jobs/{job}/sender", new { name = "The Example Society", address = "news@society.example" });
    }

    private async Task<string> Send(string title, string recipients)
    {
        var job = await Make(title);
        await Write(job, recipients);
        await program.Send(HttpMethod.Put, $"jobs/{job}/schedule", new { at = (string?)null });
        await program.Send(HttpMethod.Post, $"jobs/{job}/test/waive");
        await program.Send(HttpMethod.Post, $"jobs/{job}/preflight");
        await program.Send(HttpMethod.Post, $"jobs/{job}/preflight/ticks");
        await program.Send(HttpMethod.Post, $"jobs/{job}/authorize");
        return job;
    }

    private async Task Until(string path, string word)
    {
        var last = "";
        await Waiting.Until(async () => (last = (await program.Get(path)).GetRawText()).Contains(word, StringComparison.Ordinal), _patience, () => $"{path} stays {last}\n{installation.Explain()}");
    }
}
