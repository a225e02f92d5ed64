// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Returning;

/// <summary>Mail that comes back after a job is done, from the receiver's port to the report and the next job.</summary>
public sealed class ReturnTests : SystemTest
{
    private const int Seed = 31;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task What_comes_back_is_in_the_report_and_keeps_the_address_out_of_the_next_job()
    {
        var audience = Audience.Make(6, Seed, troubled: 0);
        var outside = Own(new RecordingSmtpServer());
        var players = Own(new Players(Seed, opening: 0, clicking: 0));
        var installation = Own(await Installation.SetUp(
            separate: false, [.. CampaignRun.Settings(outside, connections: 2), "dst.ReturnDomain=bounces.sender.example"]));
        await installation.Start();
        var run = CampaignRun.On(installation, audience, outside, players);
        await run.Send();
        await run.Finish(_patience);

        var sent = outside.Messages.OrderBy(message => message.Recipient, StringComparer.Ordinal).ToList();
        Assert.Equal(6, sent.Select(message => message.Sender).Distinct(StringComparer.Ordinal).Count());
        Assert.All(sent, message => Assert.Matches("^r-[a-z2-7]{45}@bounces\\.sender\\.example$", message.Sender));

        async Task Bring(string to, string message, string from = "") =>
            Assert.StartsWith("250", await Postman.Bring(installation.SmtpPort, from, to, message), StringComparison.Ordinal);
        var (gone, full, angry, leaving) = (sent[0], sent[1], sent[2], sent[3]);

        // The return domain is no relay, and only its own signatures open it.
        Assert.StartsWith("550 5.7.1", await Postman.Bring(installation.SmtpPort, "", "somebody@elsewhere.example", "x"), StringComparison.Ordinal);
        Assert.StartsWith("550 5.1.1", await Postman.Bring(installation.SmtpPort, "", gone.Sender[..10] + (gone.Sender[10] == 'a' ? 'b' : 'a') + gone.Sender[11..], "x"), StringComparison.Ordinal);

        var report = Notification(gone.Recipient, "5.1.1", "550 5.1.1 There is nobody here by that name");
        await Bring(gone.Sender, report);
        await Bring(gone.Sender, report);
        await Bring(full.Sender.ToUpperInvariant(), Notification(full.Recipient, "5.2.2", "552 5.2.2 The mailbox is full"));
        await Bring("fbl@bounces.sender.example", Complaint(angry), "feedback@provider.example");
        var header = Encoding.UTF8.GetString(leaving.Raw).ReplaceLineEndings("\r\n").Split("\r\n\r\n")[0].Replace("\r\n ", " ", StringComparison.Ordinal);
        Assert.Matches($"(?m)^List-Unsubscribe: <http[^>]+>, <mailto:u{Regex.Escape(leaving.Sender[1..])}\\?subject=unsubscribe>\r?$", header);
        Assert.Contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click", header, StringComparison.Ordinal);
        Assert.Matches("(?m)^List-Id: <[a-z0-9.-]+>\r?$", header);
        Assert.Matches($"(?m)^Feedback-ID: {Regex.Escape(run.Job)}:[^:]+:[^:]+\r?$", header);
        await Bring("u" + leaving.Sender[1..], $"From: {leaving.Recipient}\nSubject: unsubscribe\n\nPlease.\n", leaving.Recipient);
        await Bring(sent[4].Sender, "From: someone@d1.example\nSubject: Automatic reply: Hello\nAuto-Submitted: auto-replied\n\nI am out of office; 550 5.1.1 is my lucky number.\n");

        var rows = new Dictionary<string, string>(StringComparer.Ordinal);
        await Waiting.Until(
            async () =>
            {
                using var fates = JsonDocument.Parse((await installation.Rest($"jobs/{run.Job}/fates"))!);
                rows = fates.RootElement.GetProperty("recipients").EnumerateArray()
                    .ToDictionary(one => one.GetProperty("address").GetString()!, one => $"{one.GetProperty("fate").GetString()}: {one.GetProperty("cameBack").GetString()}", StringComparer.Ordinal);
                return rows.Values.Count(row => !row.EndsWith(": ", StringComparison.Ordinal)) == 4;
            },
            _patience,
            () => $"Not everything came back: {string.Join('\n', rows.Values)}\n{installation.Explain()}");
        Assert.Equal("accepted: bounced hard 550 5.1.1 There is nobody here by that name", rows[gone.Recipient]);
        Assert.StartsWith("accepted: bounced soft 552 5.2.2", rows[full.Recipient], StringComparison.Ordinal);
        Assert.StartsWith("accepted: complained abuse", rows[angry.Recipient], StringComparison.Ordinal);
        Assert.Equal("accepted: unsubscribed", rows[leaving.Recipient]);
        using (var receipt = JsonDocument.Parse((await installation.Rest($"jobs/{run.Job}/receipt"))!))
        {
            Assert.Equal((6, 2, 1), (receipt.RootElement.GetProperty("accepted").GetInt32(), receipt.RootElement.GetProperty("bounced").GetInt32(), receipt.RootElement.GetProperty("complained").GetInt32()));
        }

        var list = (await installation.Rest("suppression"))!;
        Assert.Contains("\"source\":\"bounce\"", list, StringComparison.Ordinal);
        Assert.Contains("\"source\":\"complaint\"", list, StringComparison.Ordinal);
        Assert.Contains("\"source\":\"unsubscribe\"", list, StringComparison.Ordinal);
        Assert.DoesNotContain(full.Recipient, list, StringComparison.Ordinal);

        await run.Send();
        await run.Finish(_patience);
        Assert.Equal(
            [gone.Recipient, angry.Recipient, leaving.Recipient],
            (await run.Fates()).Where(fate => fate.Fate == "suppressed").Select(fate => fate.Address).Order(StringComparer.Ordinal));
        Assert.True((await run.Receipt()) is Receipt { Accepted: 3, AddsUp: true });
    }

    private static string Notification(string recipient, string status, string words) =>
        $"""
        From: Mail Delivery System <MAILER-DAEMON@mx.elsewhere.example>
        Subject: Undelivered Mail Returned to Sender
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b

        It could not be delivered.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.elsewhere.example

        Final-Recipient: rfc822; {recipient}
        Action: failed
        Status: {status}
        Diagnostic-Code: smtp; {words}

        --b--
        """;

    private static string Complaint(ReceivedMessage about) =>
        $"""
        From: feedback@provider.example
        Subject: complaint
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="b"

        --b

        One of your readers calls this spam.
        --b
        Content-Type: message/feedback-report

        Feedback-Type: abuse
        User-Agent: Provider/1.0
        Version: 1
        Original-Mail-From: <{about.Sender}>

        --b
        Content-Type: text/rfc822-headers

        From: redacted
        Subject: redacted

        --b--
        """;
}
