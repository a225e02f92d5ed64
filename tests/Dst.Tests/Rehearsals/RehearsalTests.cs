// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Tests.Smtp.Destinations;

namespace Tutti.Dst.Tests.Rehearsals;

/// <summary>What a whole job shows in receivers that are played, and that nobody else hears of it.</summary>
public sealed class RehearsalTests
{
    private const string Strict =
        """
        default.Unknown=10
        default.Greylist=20
        default.GreylistFor=4m
        default.DropEvery=50
        big.Domains=big.example,mail.big.example
        big.Hosts=mx.big.test
        big.Banner=00:00:00.02
        big.Answer=6s
        big.Connections=2
        big.StormEvery=150
        big.StormFor=3m
        """;

    [Fact]
    public async Task Strict_receivers_put_off_refuse_and_cut_off_and_the_forecast_has_the_waits_that_nobody_waited_for()
    {
        await using var rehearsing = await Rehearsing.Start(Strict, "big.Hosts=big.test\nbig.Connections=2\nbig.Start=2\n", port => new RouteSettings { RemotePort = port });
        var began = TimeProvider.System.GetTimestamp();
        await rehearsing.Open(7, "providers");
        await rehearsing.Submit(Make.WireBatch(7, 1, 1, 200, id => $"user{id}@{(id % 2 == 0 ? "big.example" : "mail.big.example")}"));
        await rehearsing.Submit(Make.WireBatch(7, 2, 201, 200, id => $"user{id}@small{id % 5}.example"));
        await rehearsing.Seal(7);
        var report = await rehearsing.Finish(7);

        Assert.Equal(400u, report.Progress.Accepted + report.Progress.Refused);
        var big = Assert.Single(report.Lanes, lane => lane.Name == "big");
        Assert.Equal((200u, 2u), ((uint)big.Recipients, (uint)big.Domains));
        Assert.Equal(["big.example", "mail.big.example"], big.Busiest.Order());
        Assert.InRange((int)big.Refused, 1, 60);
        Assert.StartsWith("550 5.1.1", Assert.Single(report.Lanes, lane => lane.Name == "big").Refusal, StringComparison.Ordinal);
        Assert.True(big.Attempts > big.Recipients, "A storm of 421 went by without a second attempt.");
        Assert.Equal(200, report.Lanes.Where(lane => lane.Name.StartsWith("small", StringComparison.Ordinal)).Sum(lane => (int)lane.Recipients));
        Assert.True(report.Lanes.Where(lane => lane.Name != "big").Sum(lane => (int)lane.Deferred) > 0, "Nobody was greylisted.");
        Assert.Contains(report.Lanes, lane => lane.Deferral.Contains("4.7.1", StringComparison.Ordinal));

        // Greylisting: the first retry comes after five minutes. Answers of six seconds: two connections share them.
        Assert.True(report.DurationMs >= 5 * 60_000, $"{report.DurationMs} ms are less than one wait for a retry.");
        Assert.True(report.SkippedMs >= 4 * 60_000, $"Only {report.SkippedMs} ms were leapt over.");
        Assert.True(big.DurationMs >= (long)big.Accepted * 3000, $"{big.DurationMs} ms leave no time for {big.Accepted} answers.");
        Assert.True(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds < report.DurationMs, "It took as long as the delivery would.");
        await rehearsing.AssertNothingReal(7);
    }

    [Fact]
    public async Task The_messages_are_measured_and_odd_ones_can_be_looked_at()
    {
        await using var rehearsing = await Rehearsing.Start(Strict);
        await rehearsing.Open(7, "accept", delivery => delivery.Content = Html());
        var batch = Make.WireBatch(7, 1, 1, 20);
        batch.Recipients[3].Values[0] = "{{ first_name }}";
        batch.Recipients[4].Values[0] = new string('x', 110_000);
        await rehearsing.Submit(batch);
        await rehearsing.Seal(7);
        var report = await rehearsing.Finish(7);

        Assert.Equal(new Progress { Accepted = 20 }, report.Progress);
        Assert.Equal(20u, report.Sizes.Measured);
        Assert.InRange(report.Sizes.Smallest, 200u, 2000u);
        Assert.InRange(report.Sizes.Median, report.Sizes.Smallest, 2000u);
        Assert.InRange(report.Sizes.Largest, 110_000u, 120_000u);
        Assert.Equal(1u, report.Sizes.Clipped);
        var remains = Assert.Single(report.Oddities, oddity => oddity.Kind == "template-remains");
        Assert.Equal((1u, "user4@rcpt.example"), ((uint)remains.Count, Assert.Single(remains.Examples).Address));
        var kept = await rehearsing.Service.GetOddMessage(new OddMessageRequest { JobId = 7, Number = remains.Examples[0].Number }, new TestCall());
        Assert.Contains("{{ first_name }}", kept.Message.ToStringUtf8(), StringComparison.Ordinal);
        Assert.Equal(20u, Assert.Single(report.Oddities, oddity => oddity.Kind == "no-plain-text").Count);
        Assert.Equal(3, report.Oddities.Single(oddity => oddity.Kind == "no-plain-text").Examples.Count);
        await rehearsing.AssertNothingReal(7);
    }

    [Fact]
    public async Task Suppressed_people_stay_out_and_a_played_refusal_suppresses_nobody()
    {
        await using var rehearsing = await Rehearsing.Start("default.Unknown=100\n");
        await rehearsing.Distributor.Suppress(new SuppressionChange { Number = 1, Address = "user1@rcpt.example", Suppressed = true, Reason = "unsubscribed" });
        await rehearsing.Open(7, "providers");
        await rehearsing.Submit(Make.WireBatch(7, 1, 1, 5));
        await rehearsing.Seal(7);
        Assert.Equal(new Progress { Suppressed = 1, Refused = 4 }, (await rehearsing.Finish(7)).Progress);
        await rehearsing.AssertNothingReal(7);

        // The delivery afterwards finds everybody as before.
        await rehearsing.Distributor.Open(8);
        await rehearsing.Distributor.Submit(Make.WireBatch(8, 1, 1, 5));
        Assert.Equal(new Progress { Suppressed = 1, Accepted = 4 }, await rehearsing.Distributor.Finish(8));
        Assert.Equal(4, rehearsing.Receiver.Count);
    }

    [Fact]
    public async Task Links_are_signed_by_a_key_that_nobody_knows()
    {
        await using var rehearsing = await Rehearsing.Start("default.Unknown=0\n");
        await rehearsing.Distributor.Open(7);
        await rehearsing.Distributor.Submit(Make.WireBatch(7, 1, 1, 1));
        await rehearsing.Distributor.Finish(7);
        var real = Link(rehearsing.Receiver.Taken["user1@rcpt.example"].Single());

        // Without a subject, so that the message is odd enough to be kept.
        await rehearsing.Open(7, "accept", delivery => delivery.Content.Pieces.Insert(0, new Piece { Fixed = ByteString.CopyFromUtf8("X-Fill: {{ \r\n") }));
        var batch = Make.WireBatch(7, 1, 1, 1);
        batch.Recipients[0].Values[0] = "{{";
        await rehearsing.Submit(batch);
        await rehearsing.Seal(7);
        var kept = Assert.Single((await rehearsing.Finish(7)).Oddities, oddity => oddity.Kind == "template-remains").Examples[0];
        var played = Link((await rehearsing.Service.GetOddMessage(new OddMessageRequest { JobId = 7, Number = kept.Number }, new TestCall())).Message.ToStringUtf8());
        Assert.StartsWith("https://click.sender.example/", played, StringComparison.Ordinal);
        Assert.NotEqual(real, played);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Started_again_it_goes_on_where_it_was(bool atOnce)
    {
        await using var rehearsing = await Rehearsing.Start("default.Greylist=50\ndefault.Banner=00:00:00.05\n");
        await rehearsing.Open(7, "providers");
        await rehearsing.Submit(Make.WireBatch(7, 1, 1, 300));
        await rehearsing.Until(7, report => report.Progress.Accepted > 0);
        await rehearsing.StartAgain(atOnce);
        await rehearsing.Submit(Make.WireBatch(7, 1, 1, 300));
        await rehearsing.Submit(Make.WireBatch(7, 2, 301, 300));
        await rehearsing.Seal(7);
        var done = await rehearsing.Finish(7);
        Assert.Equal(600u, done.Progress.Accepted + done.Progress.InDoubt);
        Assert.InRange(done.Sizes.Measured, done.Progress.Accepted, 600u);
        Assert.True(done.DurationMs >= 5 * 60_000, $"{done.DurationMs} ms are less than one wait for a retry.");

        // Done and started again it still says so.
        await rehearsing.StartAgain(atOnce);
        Assert.Equal(done, await rehearsing.Report(7));
        await rehearsing.Submit(Make.WireBatch(7, 2, 301, 300));
        Assert.Equal(done, await rehearsing.Report(7));
    }

    [Fact]
    public async Task Calls_that_come_again_change_nothing_and_forgetting_leaves_no_file()
    {
        await using var rehearsing = await Rehearsing.Start("default.Unknown=0\n");
        for (var time = 0; time < 2; time++)
        {
            await rehearsing.Open(7, "accept");
            await rehearsing.Submit(Make.WireBatch(7, 1, 1, 10));
            await rehearsing.Seal(7);
        }

        Assert.Equal(new Progress { Accepted = 10 }, (await rehearsing.Finish(7)).Progress);
        Assert.NotEmpty(rehearsing.Files);
        await rehearsing.Forget(7);
        await rehearsing.Forget(7);
        Assert.Empty(rehearsing.Files);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => rehearsing.Report(7))).StatusCode);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => rehearsing.Submit(Make.WireBatch(7, 1, 1, 10)))).StatusCode);
    }

    [Fact]
    public async Task More_than_four_at_a_time_wait_and_one_that_is_forgotten_makes_room()
    {
        await using var rehearsing = await Rehearsing.Start("default.Unknown=0\n");
        for (var job = 1ul; job <= 4; job++)
        {
            await rehearsing.Open(job, "accept");
        }

        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => rehearsing.Open(5, "accept"))).StatusCode);
        await rehearsing.Forget(2);
        await rehearsing.Open(5, "accept");
        Assert.False((await rehearsing.Report(5)).IsDone);
    }

    [Theory]
    [InlineData("loud", "manner")]
    [InlineData("", "manner")]
    public async Task A_manner_that_is_not_known_is_refused(string manner, string word)
    {
        await using var rehearsing = await Rehearsing.Start();
        var refused = await Assert.ThrowsAsync<RpcException>(() => rehearsing.Open(7, manner));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains(word, refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_mail_goes_out_the_dns_tells_the_operators_and_no_host_of_it_hears_anything()
    {
        await using var dns = ScriptedDns.With(
            """
            a.example 300 MX 10 mx1.operator.example
            b.example 300 MX 10 mx2.operator.example
            mx1.operator.example 300 A 127.0.0.1
            mx2.operator.example 300 A 127.0.0.1
            none.example 300 MX 0 .
            """);
        await using var rehearsing = await Rehearsing.Start(
            "operator.Unknown=100\n", "operator.Hosts=operator.example\noperator.Rate=2/s\n",
            port => new RouteSettings { Mode = DeliveryMode.Mx, Resolver = dns.Address, RemotePort = port });
        await rehearsing.Open(7, "providers");
        await rehearsing.Submit(Make.WireBatch(7, 1, 1, 30, id => $"user{id}@{(id % 3) switch { 0 => "a", 1 => "b", _ => "none" }}.example"));
        await rehearsing.Seal(7);
        var report = await rehearsing.Finish(7);
        var lane = Assert.Single(report.Lanes, lane => lane.Name == "operator");
        Assert.Equal((20u, 20u), ((uint)lane.Recipients, (uint)lane.Refused));

        // Twenty at two a second, though nobody waited for them.
        Assert.True(lane.DurationMs >= 10_000, $"{lane.DurationMs} ms are less than the rate allows.");
        var notSent = Assert.Single(report.Oddities, oddity => oddity.Kind == "not-sent");
        Assert.Equal(10u, notSent.Count);
        Assert.Contains("none.example", notSent.Examples[0].Detail, StringComparison.Ordinal);
        await rehearsing.AssertNothingReal(7);
    }

    [Fact]
    public async Task With_a_smarthost_all_mail_is_one_lane_and_the_host_hears_nothing()
    {
        await using var rehearsing = await Rehearsing.Start("smarthost.Unknown=100\n", "", port => new RouteSettings { Mode = DeliveryMode.Smarthost, Smarthost = $"127.0.0.1:{port}" });
        await rehearsing.Open(7, "providers");
        await rehearsing.Submit(Make.WireBatch(7, 1, 1, 10, id => $"user{id}@d{id}.example"));
        await rehearsing.Seal(7);
        Assert.Equal(10u, Assert.Single((await rehearsing.Finish(7)).Lanes).Refused);
        await rehearsing.AssertNothingReal(7);
    }

    private static string Link(string message) => message.Split('\n').Single(line => line.StartsWith("Link: ", StringComparison.Ordinal))["Link: ".Length..].Trim();

    private static Content Html()
    {
        var content = Make.Content();
        content.Pieces.Clear();
        content.Pieces.AddRange(
        [
            Fixed("From: News <news@sender.example>\r\nTo: "), Slot(SlotKind.To), Fixed("\r\nMessage-ID: "), Slot(SlotKind.MessageId), Fixed("\r\nDate: "), Slot(SlotKind.Date),
            Fixed("\r\nSubject: Hello\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=\r\n"), Slot(SlotKind.Value, SlotEncoding.QuotedPrintable), Fixed("</p><a href=3D\"https://example.com/\">more</a>\r\n"),
        ]);
        return content;

        static Piece Fixed(string text) => new() { Fixed = ByteString.CopyFrom(text, Encoding.ASCII) };
        static Piece Slot(SlotKind kind, SlotEncoding encoding = SlotEncoding.Raw) => new() { Slot = new Slot { Kind = kind, Encoding = encoding } };
    }
}
