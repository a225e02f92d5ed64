// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Capture;
using Tutti.Dst.Inbound;
using Tutti.Dst.Smtp;
using Tutti.Dst.Tests.Inbound;
using Tutti.Dst.Tests.Smtp;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Capture;

public sealed class CaptureMailboxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_our_sender_delivers_can_be_listed_and_read()
    {
        await using var store = new CaptureStore(_folder.Path, _clock);
        await using var receiver = Receiver(store);
        await using var connection = (await Sending.Dial(receiver.Endpoint)).Connection!;

        Assert.Equal("250 2.0.0 Captured", (await Sending.Send(connection, Sending.Mail("Ann@y.example", "Subject: 1\r\n\r\n.\r\n"))).Text);
        Assert.Equal(Result.Accepted, (await Sending.Send(connection, Sending.Mail("bob@y.example", "Subject: 2\r\n\r\n"))).Result);

        var mailbox = new CaptureMailbox(_folder.Path);
        var all = await mailbox.List(0, 10, null, TestContext.Current.CancellationToken);
        Assert.Equal(["Ann@y.example", "bob@y.example"], all.Select(mail => mail.To));
        Assert.Equal((_clock.GetUtcNow(), "news@sender.example", 17), (all[0].At, all[0].From, all[0].Size));
        Assert.Equal("Subject: 1\r\n\r\n.\r\n", Encoding.ASCII.GetString((await mailbox.Read(all[0].Id, TestContext.Current.CancellationToken))!));
        Assert.Equal(all[0], (await mailbox.List(0, 10, "ann@Y.example", TestContext.Current.CancellationToken)).Single());
        Assert.Equal(all[1], (await mailbox.List(all[0].Id, 10, null, TestContext.Current.CancellationToken)).Single());
        Assert.Equal(all[0], (await mailbox.List(0, 1, null, TestContext.Current.CancellationToken)).Single());
        Assert.Equal(2, await mailbox.Count(TestContext.Current.CancellationToken));
        Assert.Null(await mailbox.Read(4711, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_mailbox_that_was_never_used_is_empty()
    {
        var mailbox = new CaptureMailbox(_folder.Path);

        Assert.Empty(await mailbox.List(0, 10, null, TestContext.Current.CancellationToken));
        Assert.Equal(0, await mailbox.Count(TestContext.Current.CancellationToken));
        Assert.Null(await mailbox.Read(1, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Some_domains_refuse_defer_once_or_never_answer()
    {
        await using var store = new CaptureStore(_folder.Path, _clock);
        await using var receiver = Receiver(store);
        await using var connection = (await Sending.Dial(receiver.Endpoint)).Connection!;

        Assert.Equal((Result.Refused, "5.1.1"), Short(await connection.Prepare(Sending.Mail("a@refuse.example"))));
        Assert.Equal((Result.Deferred, "4.2.1"), Short(await connection.Prepare(Sending.Mail("a@defer.example"))));
        Assert.Equal((Result.Deferred, "4.2.1"), Short(await connection.Prepare(Sending.Mail("b@DEFER.example"))));
        Assert.Equal(Result.Accepted, (await Sending.Send(connection, Sending.Mail("A@defer.example"))).Result);
        Assert.Equal((Result.Deferred, "4.2.1"), Short(await connection.Prepare(Sending.Mail("a@defer.example"))));
        Assert.Equal(Result.InDoubt, (await Sending.Send(connection, Sending.Mail("a@lost.example"))).Result);

        var kept = await new CaptureMailbox(_folder.Path).List(0, 10, null, TestContext.Current.CancellationToken);
        Assert.Equal(["A@defer.example", "a@lost.example"], kept.Select(mail => mail.To));
    }

    [Fact]
    public async Task Nothing_that_was_answered_is_lost_when_the_file_is_opened_again()
    {
        await using (var store = new CaptureStore(_folder.Path, _clock))
        {
            await Task.WhenAll(Enumerable.Range(0, 2000).Select(number => store.Keep(Mail($"r{number}@y.example"), TestContext.Current.CancellationToken)));
        }

        await using var again = new CaptureStore(_folder.Path, _clock);
        await again.Keep(Mail("last@y.example"), TestContext.Current.CancellationToken);

        var mails = await new CaptureMailbox(_folder.Path).List(0, 5000, null, TestContext.Current.CancellationToken);
        Assert.Equal(2001, mails.Select(mail => mail.To).Distinct().Count());
        Assert.Equal(mails.Select(mail => mail.Id).Order(), mails.Select(mail => mail.Id));
    }

    [Fact]
    public async Task What_is_too_old_or_too_much_goes_the_oldest_first()
    {
        await using var store = new CaptureStore(_folder.Path, _clock);
        await Keep(store, "old", 3);
        _clock.Advance(TimeSpan.FromDays(20));
        await Keep(store, "young", 5);
        _clock.Advance(TimeSpan.FromDays(11));

        Assert.Equal(3, await store.Trim(TimeSpan.FromDays(30), 100, TestContext.Current.CancellationToken));
        Assert.Equal(0, await store.Trim(TimeSpan.FromDays(30), 5, TestContext.Current.CancellationToken));
        Assert.Equal(3, await store.Trim(TimeSpan.FromDays(30), 2, TestContext.Current.CancellationToken));

        var left = await new CaptureMailbox(_folder.Path).List(0, 10, null, TestContext.Current.CancellationToken);
        Assert.Equal(["young3@y.example", "young4@y.example"], left.Select(mail => mail.To));
    }

    private static (Result Result, string Code) Short(Answer answer) => (answer.Result, answer.EnhancedCode);

    private static ReceivedMail Mail(string to) => new("a@x.example", [to], "Subject: x\r\n\r\n"u8.ToArray());

    private static RunningReceiver Receiver(CaptureStore store) => new(mailbox: new CaptureDelivery(store, NullLogger<CaptureDelivery>.Instance));

    private static async Task Keep(CaptureStore store, string name, int count)
    {
        for (var number = 0; number < count; number++)
        {
            await store.Keep(Mail($"{name}{number}@y.example"), TestContext.Current.CancellationToken);
        }
    }
}
