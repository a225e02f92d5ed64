// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Components;

namespace Tutti.Hub.Tests.Components;

/// <summary>Which server is not like the others, from what each said and how those behaved that did not answer.</summary>
public sealed class InstallationCorridorTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
    private static readonly string[] _hosts = ["ui.tutti.test", "trk.tutti.test", "dst.tutti.test", "db.tutti.test"];

    public static TheoryData<int> Subsets => [.. Enumerable.Range(0, 16)];

    /// <summary>All 16 ways in which some of four servers are secured and the others are not, as the first one sees it.</summary>
    [Theory]
    [MemberData(nameof(Subsets))]
    [Trait("Row", "B-6")]
    [Trait("Row", "C-2.1.8")]
    public void Whoever_is_in_the_minority_is_the_odd_one_and_in_a_tie_both_halves_are_named(int subset)
    {
        bool IsSecured(int number) => (subset & (1 << number)) != 0;
        var corridor = Judge([.. _hosts.Select((host, number) => IsSecured(number) == IsSecured(0)
            ? Answering(host, IsSecured(0) ? "secured" : "plain")
            : Silent(host, IsSecured(0) ? "tls.plain" : "tls.expected-plain"))]);

        var secured = Enumerable.Range(0, 4).Count(IsSecured);
        Assert.Equal(secured is not (0 or 4), corridor.IsMixed);
        Assert.Equal(Enumerable.Range(0, 4).Select(number => IsSecured(number) ? "secured" : "plain"), corridor.Servers.Select(server => server.State));
        var odd = corridor.Servers.Select((server, number) => (server.IsOdd, number)).Where(each => each.IsOdd).Select(each => each.number);
        Assert.Equal(secured switch { 0 or 4 => [], 1 => Enumerable.Range(0, 4).Where(IsSecured), 3 => Enumerable.Range(0, 4).Where(number => !IsSecured(number)), _ => Enumerable.Range(0, 4) }, odd);
        if (secured == 3)
        {
            Assert.Contains($"{_hosts[odd.Single()]}:1099 is not like the others: plain", Assert.Single(corridor.Problems), StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Row", "B-6")]
    public void One_that_is_off_is_unreachable_and_never_plain_and_one_that_refuses_is_told_from_both()
    {
        var corridor = Judge(Answering("ui.tutti.test", "secured"), Silent("trk.tutti.test", "server.silent"), Silent("dst.tutti.test", "tls.peer-refused"), Silent("db.tutti.test", "tls.expired"));

        Assert.Equal(["secured", "unreachable", "refuses-hub", "refused"], corridor.Servers.Select(server => server.State));
        Assert.False(corridor.IsMixed);
        Assert.Equal(2, corridor.Problems.Count(line => line.StartsWith("dst.tutti.test:1099:", StringComparison.Ordinal) || line.StartsWith("db.tutti.test:1099:", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Row", "C-2.3.9")]
    [Trait("Row", "B-40")]
    public void A_list_that_lacks_a_server_is_named_with_the_line_to_write()
    {
        var corridor = Judge(Answering("ui.tutti.test", "secured", allowed: "ui.tutti.test,trk.tutti.test"), Answering("trk.tutti.test", "secured", allowed: "ui.tutti.test"));

        Assert.Contains("trk.tutti.test:1099 refuses trk.tutti.test: not in its SSLAllowedClients. The line for its commands/ssl.ini: SSLAllowedClients=ui.tutti.test,trk.tutti.test", corridor.Problems);
        Assert.True(corridor.Servers[1].IsOdd);
        Assert.False(corridor.Servers[0].IsOdd);
    }

    [Fact]
    [Trait("Row", "C-2.3.9")]
    public void A_name_in_a_list_that_is_no_server_is_named()
    {
        var corridor = Judge(Answering("ui.tutti.test", "secured", allowed: "ui.tutti.test,old.tutti.test"));

        Assert.Contains("[ssl.list-unknown-server] lets in old.tutti.test", Assert.Single(corridor.Problems), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.2.0.11")]
    public void One_key_on_two_hosts_is_told_and_on_two_homes_of_one_host_it_is_not()
    {
        var two = Judge(Answering("ui.tutti.test", "secured", key: "AA"), Answering("trk.tutti.test", "secured", key: "AA"));
        var one = Judge(Answering("ui.tutti.test", "secured", key: "AA"), Answering("ui.tutti.test", "secured", key: "AA") with { Port = 1100 });

        Assert.Contains(two.Problems, line => line.Contains("ui.tutti.test:1099, trk.tutti.test:1099 have the same key", StringComparison.Ordinal));
        Assert.DoesNotContain(one.Problems, line => line.Contains("same key", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Row", "B-18")]
    public void Other_roots_and_another_setting_are_told()
    {
        KnownServer With(KnownServer server, string root, bool serverOnly) => server with { Corridor = server.Corridor! with { Roots = [root], AcceptsServerOnly = serverOnly } };
        var corridor = Judge(With(Answering("ui.tutti.test", "secured"), "A", true), With(Answering("trk.tutti.test", "secured"), "A", true), With(Answering("dst.tutti.test", "secured"), "B", false));

        Assert.Contains(corridor.Notes, line => line.StartsWith("dst.tutti.test:1099 trusts other roots", StringComparison.Ordinal));
        Assert.Contains(corridor.Notes, line => line.StartsWith("dst.tutti.test:1099 has another AcceptServerOnlyCertificates", StringComparison.Ordinal));
        Assert.Equal([false, false, true], corridor.Servers.Select(server => server.IsOdd));
    }

    /// <summary>Each of the three conditions taken away on one server, the others kept.</summary>
    [Theory]
    [Trait("Row", "C-2.4.1")]
    [Trait("Row", "C-2.4.2")]
    [Trait("Row", "C-2.4.3")]
    [InlineData("secured", "", true, "ok", "ok", "yes")]
    [InlineData("prepared", "", true, "ok", "ok", "restart pending")]
    [InlineData("restart-pending", "ssl.unreadable", true, "ok", "missing", "restart pending")]
    [InlineData("plain", "", false, "missing", "missing", "no")]
    [InlineData("plain", "ssl.cert-unsigned", false, "unsigned", "ok", "no")]
    [InlineData("refused", "ssl.cert-expired", false, "refused ssl.cert-expired", "ok", "no")]
    [InlineData("plain", "ssl.list-blank", false, "missing", "refused ssl.list-blank", "no")]
    [InlineData("secured", "ssl.extra-entry", true, "ok", "refused ssl.extra-entry", "yes")]
    public void Each_condition_is_a_word(string state, string code, bool hasCertificate, string certificate, string ini, string secured)
    {
        var server = Answering("ui.tutti.test", state);
        server = server with { Corridor = server.Corridor! with { Code = code, Names = hasCertificate ? ["ui.tutti.test"] : [] } };

        var met = Judge(server).Servers[0].Conditions!;

        Assert.Equal((certificate, ini, secured), (met.Certificate, met.SslIni, met.Secured));
    }

    [Fact]
    [Trait("Row", "B-7")]
    [Trait("Row", "C-2.3.1")]
    [Trait("Row", "C-2.2.0.28")]
    public void While_all_are_plain_it_is_told_who_is_prepared_and_who_lacks_something()
    {
        var some = Judge(Answering("ui.tutti.test", "prepared"), Answering("trk.tutti.test", "plain"));
        var all = Judge(Answering("ui.tutti.test", "prepared"), Answering("trk.tutti.test", "prepared"));

        Assert.Equal("1 of 2 servers have a good commands/ssl.ini waiting. Start them again when the others have one too: trk.tutti.test:1099.", Assert.Single(some.Notes));
        Assert.StartsWith("All servers have a good", Assert.Single(all.Notes), StringComparison.Ordinal);
        Assert.Empty(some.Problems);
        Assert.False(some.IsMixed);
    }

    [Fact]
    [Trait("Row", "C-2.0.5")]
    public void Plain_servers_on_several_hosts_are_warned_of_and_neither_one_host_nor_secured_ones_are()
    {
        Assert.True(Judge(Answering("ui.tutti.test", "plain"), Silent("trk.tutti.test", "server.silent")).IsOpen);
        Assert.True(Judge(Answering("ui.tutti.test", "prepared"), Answering("trk.tutti.test", "plain")).IsOpen);
        Assert.False(Judge(Answering("ui.tutti.test", "plain"), Answering("UI.tutti.test", "plain") with { Port = 1100 }).IsOpen);
        Assert.False(Judge(Answering("ui.tutti.test", "secured"), Answering("trk.tutti.test", "secured")).IsOpen);
        Assert.False(Judge(Answering("ui.tutti.test", "secured"), Answering("trk.tutti.test", "plain")).IsOpen);
    }

    /// <summary>Where a test says nothing else every list holds every server.</summary>
    private static InstallationCorridor Judge(params KnownServer[] servers)
    {
        string[] all = [.. servers.Select(server => server.Host).Distinct()];
        return InstallationCorridor.Of([.. servers.Select(server => server.Corridor is { Allowed: [] } corridor ? server with { Corridor = corridor with { Allowed = all } } : server)]);
    }

    private static KnownServer Answering(string host, string state, string allowed = "", string? key = null)
    {
        var isPlain = state == "plain";
        var list = allowed.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var corridor = new KnownCorridor(
            state, "", [], [], isPlain ? [] : [host], isPlain ? "" : "CN=CA A", "01", isPlain ? null : _now.AddDays(90), key ?? host, list, ["A"], false, 1, new Dictionary<string, long>(), []);
        return new KnownServer(host, 1099, "1.0", _now, _now, TimeSpan.Zero, null, [], null, corridor);
    }

    private static KnownServer Silent(string host, string code) => new(host, 1099, null, null, null, TimeSpan.Zero, $"{host}: it did not answer as it should", [], code);
}
