// SPDX-License-Identifier: Apache-2.0
using MimeKit;
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Campaigns;

public sealed class LargeCampaignTests : SystemTest
{
    [Fact]
    public async Task Ten_thousand_recipients_get_what_the_receipt_says_and_the_report_shows_what_they_did()
    {
        var audience = Audience.Make(10_000, seed: 20261124);
        var outside = Own(new RecordingSmtpServer(audience.Behave));
        var players = Own(new Players(seed: 7, opening: 0.4, clicking: 0.25));
        var run = CampaignRun.On(Own(await Installation.SetUp(separate: true, CampaignRun.Settings(outside, connections: 10))), audience, outside, players);
        await run.Installation.Start();

        await run.Send();
        await run.Finish(TimeSpan.FromMinutes(5));
        var report = await Report.Fetch(run.Installation, run.Job, players);

        Assert.Empty(report.Differences(players));
        Assert.Empty(players.Surprises);
        var receipt = await run.Receipt();
        var ledger = new Ledger(audience, outside);
        var fates = await run.Fates();
        Assert.Empty(ledger.Differences(receipt, fates));
        Assert.Equal("completed", receipt.State);
        Assert.Equal(0, receipt.Waiting);
        // In doubt are those whom the receiver left so, less those whose open or click showed that they have it.
        Assert.Empty(ledger.LeftInDoubt.Except(players.Seen, StringComparer.OrdinalIgnoreCase).Except(Ledger.Doubts(fates), StringComparer.OrdinalIgnoreCase));
        Assert.Empty(Ledger.Doubts(fates).Intersect(players.Seen, StringComparer.OrdinalIgnoreCase));
        Assert.Empty(ledger.DoubtsWithoutDrop(fates));
        Assert.Equal(audience.People.Count(person => person.Behaviours.Any(IsRefusal)), receipt.Refused);
        Assert.NotEmpty(outside.Messages);
        Assert.All(outside.Messages.Where(message => message.Kept).Where((_, i) => i % 10 == 0), message => LooksAsWritten(message, audience[message.Recipient]));
    }

    private static bool IsRefusal(Behaviour behaviour) => behaviour is Behaviour.RefuseAddress or Behaviour.RefuseMessage;

    private static void LooksAsWritten(ReceivedMessage received, Person person)
    {
        using var stream = new MemoryStream(received.Raw);
        using var message = MimeMessage.Load(stream);
        Assert.Equal($"A letter for {person.FirstName}", message.Subject);
        Assert.Equal(person.Address, message.To.Mailboxes.Single().Address);
        Assert.Equal("news@society.example", message.From.Mailboxes.Single().Address);
        Assert.NotNull(message.MessageId);
        var html = message.HtmlBody ?? "";
        Assert.Contains($"Dear {person.FirstName} {person.LastName},", global::System.Net.WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains($"code-{person.Number}.", html, StringComparison.Ordinal);
        Assert.Contains($"Dear {person.FirstName} {person.LastName}, your code is code-{person.Number}.", message.TextBody, StringComparison.Ordinal);
        var (image, links) = Players.Marks(received);
        Assert.Contains("/o/", image, StringComparison.Ordinal);
        // Programme, patrons or upgrade, account; an unsubscribe link may stand behind them.
        Assert.True(links.Count >= 3, $"{links.Count} links for {person.Address}");
        Assert.Equal(person.Plan == "pro", html.Contains("dine here", StringComparison.Ordinal));
        Assert.Contains("One-Click", message.Headers["List-Unsubscribe-Post"], StringComparison.Ordinal);
    }
}
