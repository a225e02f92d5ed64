// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Deliveries;
using Tutti.Dst.Queue;
using Tutti.Mail.Links;
using TrackingType = Tutti.Contracts.Links.V1.TrackingType;

namespace Tutti.Dst.Tests.Lanes;

/// <summary>What the links of sent messages say of their recipients, type by type.</summary>
public sealed partial class TrackingTypesTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
    private readonly Store _store = Store.OnSqlite();
    private readonly Receiver _receiver = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Rule_16_a_number_of_unique_tracking_is_drawn_for_each_message_and_lies_nowhere()
    {
        await using var distributor = await Start(TrackingType.Unique);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 50));
        await distributor.Finish(7);

        var traces = Enumerable.Range(1, 50).Select(id => TokensOf(id)).Select(tokens =>
        {
            Assert.Equal(2, tokens.Count);
            Assert.All(tokens, token => Assert.Null(token.Recipient));
            return Assert.Single(tokens.Select(token => token.Trace!.Value).Distinct());
        }).ToList();
        Assert.Equal(50, traces.Distinct().Count());

        // Neither as a number nor in the message that carries it.
        await distributor.DisposeAsync();
        var url = TrackerUrl().Match(Assert.Single(_receiver.Taken["user1@rcpt.example"])).Value;
        foreach (var bytes in new[] { BitConverter.GetBytes(traces[0]), [.. BitConverter.GetBytes(traces[0]).Reverse()], Encoding.ASCII.GetBytes(url) })
        {
            Assert.False(await Holds(bytes));
        }

        Assert.True(await Holds("user1@rcpt.example"u8.ToArray()));
    }

    [Fact]
    public async Task What_was_handed_over_with_a_recipient_is_what_the_links_carry_also_after_a_restart()
    {
        await using (var first = await Start(TrackingType.Permission))
        {
            var batch = Make.WireBatch(7, 1, 1, 3);
            batch.Recipients[0].Permits = true;
            batch.Recipients[1].Trace = 99;
            await first.Get<DeliveriesService>().Submit(batch, new TestCall());
        }

        await using var second = await TestDistributor.Start(_store.Database, _clock, _receiver.Port);
        await second.Finish(7);

        Assert.All(TokensOf(1), token => Assert.Equal((1UL, null), (token.Recipient, token.Trace)));
        Assert.All(TokensOf(2), token => Assert.Equal((null, 99UL), (token.Recipient, token.Trace)));
        Assert.All(TokensOf(3), token => Assert.Equal((null, null), (token.Recipient, token.Trace)));
    }

    [Fact]
    public void Values_are_the_same_with_and_without_what_stands_behind_them()
    {
        Assert.Null(SlotValues.Pack([]));
        foreach (var values in new string[][] { [], ["a", "", "größer"] })
        {
            Assert.Equal(values, SlotValues.Unpack(SlotValues.Pack(values, permits: true), out var permits, out var trace));
            Assert.Equal((true, null), (permits, trace));
            Assert.Equal(values, SlotValues.Unpack(SlotValues.Pack(values, trace: ulong.MaxValue), out permits, out trace));
            Assert.Equal((false, ulong.MaxValue), (permits, trace));
            Assert.Equal(values, SlotValues.Unpack(SlotValues.Pack(values), out permits, out trace));
            Assert.Equal((false, null), (permits, trace));
        }
    }

    private async Task<TestDistributor> Start(TrackingType tracking)
    {
        var distributor = await TestDistributor.Start(_store.Database, _clock, _receiver.Port);
        var delivery = Make.WireDelivery(7, _clock.GetUtcNow());
        delivery.TrackingType = tracking;
        delivery.Content.Pieces.Add(new Piece { Slot = new Slot { Kind = SlotKind.OpenImage, Encoding = SlotEncoding.Raw } });
        await distributor.Get<DeliveriesService>().Open(delivery, new TestCall());
        return distributor;
    }

    private List<LinkToken> TokensOf(int id) => [.. TrackerUrl().Matches(Assert.Single(_receiver.Taken[string.Create(CultureInfo.InvariantCulture, $"user{id}@rcpt.example")])).Select(match =>
    {
        Assert.True(LinkToken.TryRead(match.Groups[1].Value, out var token));
        Assert.True(token.Verify(new byte[32]));
        return token;
    })];

    private async Task<bool> Holds(byte[] wanted)
    {
        await using var connection = await _store.Database.Open(TestContext.Current.CancellationToken);
        var file = ((Microsoft.Data.Sqlite.SqliteConnection)connection).DataSource;
        return Array.Exists(Directory.GetFiles(Path.GetDirectoryName(file)!), one =>
        {
            using var stream = new FileStream(one, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content.AsSpan().IndexOf(wanted) >= 0;
        });
    }

    [GeneratedRegex("https://click\\.sender\\.example/[oc]/([A-Za-z0-9_-]+)")]
    private static partial Regex TrackerUrl();
}
