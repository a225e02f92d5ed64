// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Hub.Components;
using Tutti.Hub.Notices;
using Tutti.Testing.Server;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Tests.Notices;

/// <summary>Mails to administrators: each condition once, and again when it comes back.</summary>
public sealed class NoticesTests
{
    private static readonly Refusal _silent = new(RefusalKind.Unavailable, "server.silent", "Nothing answers at trk.tutti.test:1099.");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_needs_attention_is_told_once_after_a_while_and_again_when_it_comes_back_after_it_was_mended()
    {
        await using var hub = await HubOnDisk.On(null);
        await using var mailbox = new Mailbox();
        var tell = Tell(hub, mailbox);
        await Answers(hub);
        Assert.Equal(0, await tell.Handle(Stop));

        // A short absence is nobody's business.
        await Silent(hub);
        await tell.Handle(Stop);
        hub.Clock.Advance(TimeSpan.FromMinutes(4));
        await Answers(hub);
        await tell.Handle(Stop);
        await Silent(hub);
        Assert.Equal(0, await tell.Handle(Stop));
        hub.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, await tell.Handle(Stop));

        // It stays, flutters, and the hub is started again: not told once more.
        hub.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, await Tell(hub, mailbox).Handle(Stop));
        await Answers(hub);
        await tell.Handle(Stop);
        await Silent(hub);
        hub.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await tell.Handle(Stop));

        // Mended, and there again.
        await Answers(hub);
        await tell.Handle(Stop);
        hub.Clock.Advance(TimeSpan.FromMinutes(5));
        await tell.Handle(Stop);
        await Silent(hub);
        await tell.Handle(Stop);
        hub.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, await tell.Handle(Stop));

        Assert.Equal(2, mailbox.Messages.Count);
        var first = mailbox.Messages[0];
        Assert.Equal(["anna@example.org", "ops@example.org"], first.To.Mailboxes.Select(to => to.Address));
        Assert.Equal(("tutti@example.org", "auto-generated"), (first.From.Mailboxes.Single().Address, first.Headers["Auto-Submitted"]));
        Assert.Equal("Tutti at hub.tutti.test: 1 thing needs attention", first.Subject);
        Assert.Contains("- Nothing answers at trk.tutti.test:1099. (since 2026-11-24 08:04 UTC)", first.TextBody, StringComparison.Ordinal);
        Assert.NotEqual(first.MessageId, mailbox.Messages[1].MessageId);
    }

    [Fact]
    public async Task A_mail_that_was_not_taken_is_sent_again_with_the_same_identity_and_says_so_meanwhile()
    {
        await using var hub = await HubOnDisk.On(null);
        await using var mailbox = new Mailbox { Refuses = true };
        var tell = Tell(hub, mailbox);
        await Silent(hub);
        await tell.Handle(Stop);
        hub.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(0, await tell.Handle(Stop));
        Assert.Contains("Not today", tell.Problem, StringComparison.Ordinal);
        mailbox.Refuses = false;
        hub.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await tell.Handle(Stop));
        Assert.Null(tell.Problem);
        Assert.Single(mailbox.Messages);
    }

    [Fact]
    public async Task Where_encryption_is_demanded_a_mail_server_without_it_gets_nothing()
    {
        await using var hub = await HubOnDisk.On(null);
        await using var mailbox = new Mailbox();
        var tell = Tell(hub, mailbox, isTlsDemanded: true);
        await Silent(hub);
        await tell.Handle(Stop);
        hub.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(0, await tell.Handle(Stop));
        Assert.Contains("STARTTLS", tell.Problem, StringComparison.Ordinal);
        Assert.Empty(mailbox.Messages);
    }

    [Fact]
    public async Task Many_things_go_into_one_mail_and_mails_keep_their_distance()
    {
        await using var hub = await HubOnDisk.On(null);
        await using var mailbox = new Mailbox();
        var tell = Tell(hub, mailbox);
        for (var number = 0; number < 20; number++)
        {
            await Silent(hub, $"s{number}.tutti.test");
        }

        await tell.Handle(Stop);
        hub.Clock.Advance(TimeSpan.FromMinutes(4));
        await Silent(hub, "late.tutti.test");
        await tell.Handle(Stop);
        hub.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(20, await tell.Handle(Stop));
        hub.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(0, await tell.Handle(Stop));
        hub.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await tell.Handle(Stop));
        Assert.Equal(2, mailbox.Messages.Count);
    }

    [Fact]
    [Trait("Row", "B-5")]
    [Trait("Row", "B-6")]
    public void Figures_do_not_make_a_new_condition_and_a_certificate_is_told_at_each_of_its_moments()
    {
        var now = new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
        KnownServer Lost(int events) => Server("trk.tutti.test", now, "secured", [new("trk", 7000, "", "running", true, [$"{events} events are lost."], [])]);
        Assert.Equal(Keys([Lost(3)], now), Keys([Lost(1204)], now));

        // 90 days: told at 14, 7 and 1 days before its end, and when it is over; the odd one out is told too.
        KnownServer[] both = [Server("trk.tutti.test", now, "secured", []), Server("dst.tutti.test", now, "plain", [])];
        Assert.Single(Keys(both, now.AddDays(75)));
        var told = ((int[])[77, 84, 89, 91]).Select(day => Assert.Single(Keys(both, now.AddDays(day)), key => key.StartsWith("certificate trk", StringComparison.Ordinal)));
        Assert.Equal(4, told.Distinct().Count());
        var warned = both[1] with { Corridor = both[1].Corridor! with { Warnings = ["[ssl.expires-soon] HTTPS: it ends (warning 1).", "conf/server.ini: [ssl.trust-shipped-password] is known."] } };
        Assert.Equal("dst.tutti.test: [ssl.expires-soon] HTTPS: it ends (warning 1).", Assert.Single(CurrentConditions.Of([warned], now)).Words);
        Assert.Contains(CurrentConditions.Of(both, now), condition => condition.Words.Contains("some are not", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hub_that_runs_tells_of_a_server_that_is_down()
    {
        await using var mailbox = new Mailbox();
        await using var hub = await TestServer.Start(
            [ComponentType.Of<AdministrationHub>()],
            [("hub", "NoticesTo=ops@example.org"), ("hub", "NoticesFrom=tutti@example.org"), ("hub", $"NoticesHost={mailbox.Address}"), ("hub", "NoticesAfter=0.2s"), ("hub", "NoticesEvery=0.1s"), ("hub", "WatchEvery=0.2s")]);
        TestServer gone;
        await using (gone = await TestServer.Start([ComponentType.Of<Servers.PretendedTracker>()]))
        {
            using var channel = ControlSocket.Dial(ControlSocket.PathFor(hub.Home, []));
            await new Contracts.Hub.Control.V1.Servers.ServersClient(channel).AddAsync(new() { Address = $"localhost:{gone.InternalPort}" }, cancellationToken: Stop);
        }

        var deadline = TimeProvider.System.GetUtcNow().AddMinutes(1);
        while (!mailbox.Messages.Any(message => message.TextBody!.Contains($"localhost:{gone.InternalPort}", StringComparison.Ordinal)))
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "No mail came.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }
    }

    [Fact]
    public async Task Half_an_entry_is_refused()
    {
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => TestServer.Start(
            [ComponentType.Of<AdministrationHub>()], [("hub", "NoticesTo=ops@example.org, nobody"), ("hub", "NoticesUser=tutti"), ("hub", "NoticesFrom=tutti@example.org")]));

        Assert.Equal(["NoticesHost", "NoticesTo", "NoticesUser"], refused.Complaints.Select(complaint => complaint.Key).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Keys(IReadOnlyList<KnownServer> servers, DateTimeOffset now) => CurrentConditions.Of(servers, now).Select(condition => condition.Key);

    private static TellAdministrators Tell(HubOnDisk hub, Mailbox mailbox, bool isTlsDemanded = false)
    {
        var settings = new NoticesSettings { NoticesTo = ["anna@example.org", "ops@example.org"], NoticesFrom = "tutti@example.org", NoticesHost = mailbox.Address, NoticesTls = isTlsDemanded };
        return new TellAdministrators(
            new CurrentConditions(hub.Servers, hub.Clock), new NoticeStore(hub.Database), new NoticeMail(settings, "hub.tutti.test"), settings, hub.Clock, NullLogger<TellAdministrators>.Instance);
    }

    private static async Task Silent(HubOnDisk hub, string host = "trk.tutti.test")
    {
        await hub.Servers.Add(host, 1099, Stop);
        await hub.Servers.SaveProblem(host, 1099, _silent with { Message = $"Nothing answers at {host}:1099." }, Stop);
    }

    private static async Task Answers(HubOnDisk hub)
    {
        await hub.Servers.Add("trk.tutti.test", 1099, Stop);
        await hub.Servers.SaveAnswer(Server("trk.tutti.test", hub.Clock.GetUtcNow(), "plain", []), Stop);
    }

    private static KnownServer Server(string host, DateTimeOffset begin, string state, IReadOnlyList<KnownComponent> components)
    {
        var isPlain = state == "plain";
        var corridor = new KnownCorridor(
            state, "", [], [], isPlain ? [] : [host], "CN=CA A", "01", isPlain ? null : begin.AddDays(90), host, ["trk.tutti.test", "dst.tutti.test"], ["A"], false, 1, new Dictionary<string, long>(), [], isPlain ? null : begin);
        return new KnownServer(host, 1099, "1.0", begin, begin, TimeSpan.Zero, null, components, null, corridor);
    }
}
