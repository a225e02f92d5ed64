// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Inbound;
using Tutti.Dst.Journal;
using Tutti.Dst.Returns;
using Tutti.Dst.Returns.Rules;
using Tutti.Mail.Returns;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Returns;

/// <summary>What comes back is on disk before it is answered, and is told once, on every engine.</summary>
public abstract class ReturnsSpec : StoreSpec
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));

    [Fact]
    public async Task A_bounce_is_told_once_though_it_comes_twice_and_the_process_dies_between_taking_and_reading()
    {
        await using var killed = await OpenStore.Start(Database, _clock);
        await killed.Open(7);
        using (var before = await Returning.Of(killed, Database))
        {
            var message = Returning.Notification("5.1.1", "550 5.1.1 Nobody");
            Assert.StartsWith("250", await before.Bring(message, Returning.AddressOf(7, 3)), StringComparison.Ordinal);
            Assert.StartsWith("250", await before.Bring(message, Returning.AddressOf(7, 3)), StringComparison.Ordinal);
        }

        // Nobody has read it: the process that took it is gone.
        Assert.Empty(await killed.Events());
        await using var next = await OpenStore.Start(Database, _clock);
        using var returning = await Returning.Of(next, Database);
        Assert.Equal(1, await returning.Reader.ReadAll(CancellationToken.None));
        Assert.Equal(0, await returning.Reader.ReadAll(CancellationToken.None));
        var told = Assert.Single(await next.Events());
        Assert.Equal((1L, 7L, 3L, CameBack.Bounced, BounceClass.Hard, "550 5.1.1 Nobody", "mx.elsewhere.example"), (told.Number, told.Job, told.Recipient, told.CameBack, told.Class, told.Reply, told.Host));
    }

    [Fact]
    public async Task A_report_that_comes_to_another_address_and_without_our_message_is_known_by_the_envelope_id_that_it_gives_back()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(7);
        using var returning = await Returning.Of(store, Database);
        var id = Returning.AddressOf(7, 3).Split('@')[0].ToUpperInvariant();
        var report = Returning.Notification("5.1.1", "550 5.1.1 Nobody").Replace("Reporting-MTA:", $"Original-Envelope-Id: {id}\nReporting-MTA:", StringComparison.Ordinal);
        await returning.Bring(Returning.Notification("5.1.1", "550 5.1.1 Nobody"), $"fbl@{Returning.Domain}");
        await returning.Bring(report, $"fbl@{Returning.Domain}");
        await returning.Reader.ReadAll(CancellationToken.None);
        Assert.Equal((3L, CameBack.Bounced), (Assert.Single(await store.Events()) is var told ? told.Recipient : 0, (await store.Events())[0].CameBack));
    }

    [Fact]
    public async Task Two_readers_of_one_message_tell_it_once()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(7);
        using var returning = await Returning.Of(store, Database);
        await returning.Bring(Returning.Notification("5.1.1", "550 5.1.1 Nobody"), Returning.AddressOf(7, 3));
        var unread = (await new ReturnStore(Database).Next(0, CancellationToken.None))!;
        var finding = new ReturnFinding(new ReturnedTo(7, 3), CameBack.Bounced, BounceClass.Hard, "no", "");

        Assert.True(await store.Journal.Write(session => ReturnStore.Settle(session, unread.Number, finding, 1)));
        Assert.False(await store.Journal.Write(session => ReturnStore.Settle(session, unread.Number, finding, 2)));
        Assert.Single(await store.Events());
    }

    [Fact]
    public async Task A_message_for_several_of_our_addresses_is_told_for_each()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(7);
        using var returning = await Returning.Of(store, Database);
        await returning.Bring(Returning.Notification("5.2.2", "552 5.2.2 Full"), Returning.AddressOf(7, 3), Returning.AddressOf(7, 4));
        await returning.Reader.ReadAll(CancellationToken.None);
        Assert.Equal([(3L, BounceClass.Soft), (4L, BounceClass.Soft)], (await store.Events()).Select(told => (told.Recipient, told.Class)));
    }

    [Fact]
    public async Task Events_of_fates_and_of_returns_share_one_row_of_numbers()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(7);
        await store.Submit(7, 1, Make.Recipient(1), Make.Recipient(2));
        using var returning = await Returning.Of(store, Database);
        await store.Settle(Make.Waiting(7, 1), Standing.Refused, "550 5.1.1 no");
        await returning.Bring(Returning.Notification("5.7.1", "550 5.7.1 Not from you"), Returning.AddressOf(7, 2));
        await returning.Reader.ReadAll(CancellationToken.None);
        await store.Settle(Make.Waiting(7, 2), Standing.InDoubt);
        Assert.Equal(
            [(1L, CameBack.Nothing), (2L, CameBack.Bounced), (3L, CameBack.Nothing)],
            (await store.Events()).Select(told => (told.Number, told.CameBack)));
    }

    [Theory]
    [InlineData("4.4.7", "451 Delivery time expired", "failed", CameBack.Bounced, BounceClass.Soft)]
    [InlineData("4.4.1", "connection timed out", "delayed", CameBack.Nothing, BounceClass.None)]
    [InlineData("2.0.0", "250 ok", "delivered", CameBack.Nothing, BounceClass.None)]
    public async Task What_is_no_end_is_read_and_tells_nothing(string status, string words, string action, object what, object meaning)
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(7);
        using var returning = await Returning.Of(store, Database);
        await returning.Bring(Returning.Notification(status, words, action), Returning.AddressOf(7, 3));
        Assert.Equal(1, await returning.Reader.ReadAll(CancellationToken.None));
        var told = await store.Events();
        Assert.Equal(what, told.SingleOrDefault()?.CameBack ?? CameBack.Nothing);
        Assert.Equal(meaning, told.SingleOrDefault()?.Class ?? BounceClass.None);
    }

    [Theory]
    [InlineData("From: reader@elsewhere.example\nSubject: unsubscribe\n\nPlease.\n", "reader@elsewhere.example", CameBack.Unsubscribed)]
    [InlineData("From: reader@elsewhere.example\nSubject: unsubscribe\nAuto-Submitted: auto-replied\n\nSent by a mail program.\n", "reader@elsewhere.example", CameBack.Unsubscribed)]
    [InlineData("From: MAILER-DAEMON@elsewhere.example\nSubject: failure notice\n\n550 no\n", "", CameBack.Bounced)]
    public async Task Mail_of_a_reader_to_an_unsubscribe_address_is_a_wish(string message, string sender, object what)
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(7);
        using var returning = await Returning.Of(store, Database);
        await returning.Mailbox.Keep(
            new ReceivedMail(sender, [Returning.AddressOf(7, 3, ReturnUse.Unsubscribe)], Encoding.UTF8.GetBytes(message)), CancellationToken.None);
        await returning.Reader.ReadAll(CancellationToken.None);
        Assert.Equal(what, Assert.Single(await store.Events()).CameBack);
    }

    [Fact]
    public async Task Read_messages_go_after_their_time_and_unread_ones_stay()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        await store.Open(7);
        using var returning = await Returning.Of(store, Database);
        await returning.Bring("Subject: read\n\nx", Returning.AddressOf(7, 3));
        await returning.Reader.ReadAll(CancellationToken.None);
        await returning.Bring("Subject: unread\n\nx", Returning.AddressOf(7, 3));
        var later = _clock.GetUtcNow().AddDays(8).ToUnixTimeMilliseconds();
        Assert.Equal(1, await store.Journal.Write(session => ReturnStore.DropOld(session, later, 100)));
        Assert.NotNull(await new ReturnStore(Database).Next(0, CancellationToken.None));
    }

    [Fact]
    public async Task Only_signed_addresses_and_named_mailboxes_of_the_domain_are_taken()
    {
        await using var store = await OpenStore.Start(Database, _clock);
        using var returning = await Returning.Of(store, Database);
        var signed = Returning.AddressOf(7, 3);

        // The key is that of a delivery this distributor has not heard of yet.
        Assert.StartsWith("451", returning.Mailbox.AnswerTo(signed), StringComparison.Ordinal);
        await store.Open(7);
        await returning.Keys.Refresh(CancellationToken.None);
        Assert.StartsWith("250", returning.Mailbox.AnswerTo(signed), StringComparison.Ordinal);
        Assert.StartsWith("250", returning.Mailbox.AnswerTo(signed.ToUpperInvariant()), StringComparison.Ordinal);
        Assert.StartsWith("250", returning.Mailbox.AnswerTo(Returning.AddressOf(7, 3, ReturnUse.Unsubscribe)), StringComparison.Ordinal);
        Assert.StartsWith("250", returning.Mailbox.AnswerTo($"FBL@{Returning.Domain}"), StringComparison.Ordinal);
        Assert.StartsWith("550 5.1.1", returning.Mailbox.AnswerTo($"news@{Returning.Domain}"), StringComparison.Ordinal);
        Assert.StartsWith("550 5.1.1", returning.Mailbox.AnswerTo(signed.Replace("r-", "r-a", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.StartsWith("550 5.1.1", returning.Mailbox.AnswerTo(Forged(signed)), StringComparison.Ordinal);
        Assert.StartsWith("550 5.7.1", returning.Mailbox.AnswerTo(signed.Replace(Returning.Domain, "elsewhere.example", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static string Forged(string signed) => signed[..20] + (signed[20] == 'a' ? 'b' : 'a') + signed[21..];
}

public sealed class ReturnsOnSqlite : ReturnsSpec
{
    private protected override Task<Store> MakeStore() => Task.FromResult(Store.OnSqlite());
}

public sealed class ReturnsOnPostgres(PostgresServer server) : ReturnsSpec
{
    private protected override Task<Store> MakeStore() => Store.OnPostgres(server);
}
