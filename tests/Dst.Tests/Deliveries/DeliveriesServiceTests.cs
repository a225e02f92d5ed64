// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Deliveries;
using Tutti.Dst.Lanes.Live;
using Tutti.Dst.Signing;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Deliveries;

public sealed class DeliveriesServiceTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
    private readonly Store _store = Store.OnSqlite();
    private readonly Receiver _receiver = new();
    private TestDistributor _distributor = null!;

    public static TheoryData<string, Action<Delivery>> BadDeliveries => new()
    {
        { "number", delivery => delivery.JobId = 0 },
        { "no content", delivery => delivery.Content = null },
        { "no content", delivery => delivery.Content = new Content() },
        { "neither fixed bytes nor a slot", delivery => delivery.Content.Pieces.Add(new Piece()) },
        { "kind or encoding", delivery => delivery.Content.Pieces.Add(new Piece { Slot = new Slot { Kind = (SlotKind)99, Encoding = SlotEncoding.Raw } }) },
        { "kind or encoding", delivery => delivery.Content.Pieces.Add(new Piece { Slot = new Slot { Kind = SlotKind.To } }) },
        { "envelope sender", delivery => delivery.EnvelopeSender = "a@b.example>\r\nRCPT TO:<x@y.example" },
        { "signing domain", delivery => delivery.SigningDomain = "" },
        { "signing domain", delivery => delivery.SigningDomain = "white space" },
        { "link key", delivery => delivery.Key = null },
        { "link key", delivery => delivery.Key.Secret = ByteString.CopyFrom(1, 2, 3) },
        { "link key", delivery => delivery.Key.Id = 0 },
        { "tracking type", delivery => delivery.TrackingType = 0 },
        { "tracking URL", delivery => delivery.TrackingUrl = "click.example" },
    };

    public async ValueTask InitializeAsync() => _distributor = await TestDistributor.Start(_store.Database, _clock, _receiver.Port);

    public async ValueTask DisposeAsync()
    {
        await _distributor.DisposeAsync();
        await _receiver.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(BadDeliveries))]
    public async Task A_delivery_that_could_not_be_composed_is_not_taken(string complaint, Action<Delivery> spoil)
    {
        var delivery = Make.WireDelivery(1, _clock.GetUtcNow());
        spoil(delivery);
        var refused = await Assert.ThrowsAsync<RpcException>(() => _distributor.Get<DeliveriesService>().Open(delivery, new TestCall()));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains(complaint, refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_that_come_again_in_any_order_change_nothing()
    {
        var first = await _distributor.Open(7);
        await _distributor.Submit(Make.WireBatch(7, 2, 51, 50));
        await _distributor.Submit(Make.WireBatch(7, 1, 1, 50));
        Assert.Equal(first, await _distributor.Open(7));
        await _distributor.Submit(Make.WireBatch(7, 2, 51, 50));
        await _distributor.Direct(7, 2, Course.Run);
        await _distributor.Direct(7, 1, Course.Withdraw);
        Assert.Equal(new Progress { Accepted = 100 }, await _distributor.Finish(7));
        await _distributor.Submit(Make.WireBatch(7, 1, 1, 50));
        await _distributor.Submit(Make.WireBatch(7, 2, 51, 50));
        Assert.Equal(new Progress { Accepted = 100 }, await _distributor.Finish(7));
        Assert.Equal(100, _receiver.Count);
    }

    [Fact]
    public async Task A_batch_without_its_delivery_is_refused_so_that_it_comes_again_after_it()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => _distributor.Submit(Make.WireBatch(7, 1, 1, 1)));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        await _distributor.Open(7);
        await _distributor.Submit(Make.WireBatch(7, 1, 1, 1));
        Assert.Equal(new Progress { Accepted = 1 }, await _distributor.Finish(7));
    }

    [Fact]
    public async Task Batches_and_directions_without_numbers_are_refused()
    {
        await _distributor.Open(7);
        foreach (var call in new Func<Task>[]
        {
            () => _distributor.Submit(Make.WireBatch(7, 0, 1, 1)),
            () => _distributor.Submit(Make.WireBatch(7, 1, 0, 1)),
            () => _distributor.Direct(7, 0, Course.Hold),
            () => _distributor.Direct(7, 1, Course.Unspecified),
            () => _distributor.Direct(7, 1, (Course)9),
            () => _distributor.Direct(0, 1, Course.Hold),
        })
        {
            Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
        }
    }

    [Fact]
    public async Task An_address_that_smtp_would_misread_is_refused_and_told_so()
    {
        await _distributor.Open(7);
        await _distributor.Submit(Make.WireBatch(7, 1, 1, 4, id => id switch
        {
            1 => "a@b.example>\r\nRCPT TO:<victim@x.example",
            2 => "nobody",
            3 => new string('x', 300) + "@x.example",
            _ => "good@x.example",
        }));
        Assert.Equal(new Progress { Accepted = 1, Refused = 3 }, await _distributor.Finish(7));
        Assert.All((await _distributor.Events()).Where(happened => happened.Fate == Fate.Refused), happened => Assert.StartsWith("The address cannot be used", happened.Reply, StringComparison.Ordinal));
        Assert.Equal(["good@x.example"], _receiver.Taken.Keys);
    }

    [Fact]
    public async Task A_recipient_whose_values_are_missing_is_refused_and_the_others_are_sent()
    {
        await _distributor.Open(7);
        var batch = Make.WireBatch(7, 1, 1, 3);
        batch.Recipients[1].Values.Clear();
        await _distributor.Submit(batch);
        Assert.Equal(new Progress { Accepted = 2, Refused = 1 }, await _distributor.Finish(7));
        var refused = Assert.Single(await _distributor.Events(), happened => happened.Fate == Fate.Refused);
        Assert.Equal((2ul, ""), (refused.RecipientId, refused.Host));
        Assert.Contains("values", refused.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sender_domain_shows_whether_it_has_a_key_and_messages_are_signed_with_it()
    {
        using var folder = new TemporaryFolder();
        Assert.False(DkimKeyStore.Create(folder.Path, "sender.example", "s1").IsRefused);
        await using var store = Store.OnSqlite();
        await using var distributor = await TestDistributor.Start(store.Database, _clock, _receiver.Port, folder: folder.Path);
        var service = distributor.Get<DeliveriesService>();
        Assert.Equal(new CheckSenderReply { HasDkimKey = true, Mode = "smarthost" }, await service.CheckSender(new CheckSenderRequest { Domain = "Sender.Example" }, new TestCall()));
        Assert.Equal(new CheckSenderReply { Mode = "smarthost" }, await service.CheckSender(new CheckSenderRequest { Domain = "other.example" }, new TestCall()));
        await distributor.Open(7);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 1));
        await distributor.Finish(7);
        Assert.StartsWith("DKIM-Signature: v=1; a=rsa-sha256;", _receiver.Taken["user1@rcpt.example"].Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_tells_what_waits_and_what_was_not_fetched()
    {
        await _distributor.Direct(7, 1, Course.Hold);
        await _distributor.Open(7);
        await _distributor.Open(8);
        await _distributor.Submit(Make.WireBatch(7, 1, 1, 5));
        await _distributor.Submit(Make.WireBatch(8, 1, 1, 3));
        await _distributor.Finish(8);
        await _distributor.Confirm(1);
        var report = await _distributor.Get<DistributorStatus>().Report(CancellationToken.None);
        Assert.True(report.Ready);
        Assert.Empty(report.Problems);
        Assert.Equal(5, report.Figures.Single(figure => figure.Name == "Messages waiting").Value);
        Assert.Equal(2, report.Figures.Single(figure => figure.Name == "Events not fetched yet").Value);
    }
}
