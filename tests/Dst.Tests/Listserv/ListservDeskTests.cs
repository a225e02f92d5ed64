// SPDX-License-Identifier: Apache-2.0
using Tutti.Testing.Listserv;
using static Tutti.Dst.Tests.Listserv.TcpguiClientTests;

namespace Tutti.Dst.Tests.Listserv;

public sealed class ListservDeskTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_tells_its_version_and_the_lists_of_the_account()
    {
        await using var server = new ListservDouble();
        server.Lists["NEWS-L"] = new();
        server.Lists["STAFF-L"] = new();
        var health = Value(await Desk(server).Check(Stop));
        Assert.Equal(["Double of a mail list server, 17.0", "runs in a test"], health.Version);
        Assert.Equal(["NEWS-L", "STAFF-L"], health.Lists);
        Assert.Empty(health.Words);
        Assert.Empty(server.Faults);
    }

    [Fact]
    public async Task A_wrong_password_is_told_in_LISTSERVs_own_words()
    {
        await using var server = new ListservDouble { Password = "OTHER" };
        server.Lists["NEWS-L"] = new();
        var health = Value(await Desk(server).Check(Stop));
        Assert.Empty(health.Lists);
        Assert.Equal("That password does not go with that address.", health.Words);
    }

    [Fact]
    public async Task Whether_a_change_worked_is_asked_for_and_not_read_out_of_a_sentence()
    {
        await using var server = new ListservDouble();
        server.Lists["NEWS-L"] = new();
        var desk = Desk(server);
        Assert.True(Value(await desk.Add("NEWS-L", "joan@example.org", "Joan Doe", Stop)).Subscribed);
        Assert.True(Value(await desk.Add("NEWS-L", "jim@example.org", "Jim", Stop)).Subscribed);
        Assert.Equal([new("jim@example.org", ""), new("joan@example.org", "Joan Doe")], server.Lists["NEWS-L"].OrderBy(one => one.Key, StringComparer.Ordinal));
        var gone = Value(await desk.Delete("NEWS-L", "joan@example.org", Stop));
        Assert.False(gone.Subscribed);
        Assert.Equal("joan@example.org is off the list NEWS-L.", gone.Words);
        var nowhere = Value(await desk.Add("OTHER-L", "joan@example.org", "Joan Doe", Stop));
        Assert.Equal((false, "That is not known here."), (nowhere.Subscribed, nowhere.Words));
        Assert.Contains("QUIET ADD NEWS-L jim@example.org *", server.Commands);
    }

    [Fact]
    public async Task A_lost_answer_to_a_change_is_settled_by_asking()
    {
        await using var server = new ListservDouble();
        server.Answer = command =>
        {
            server.Answer = null;
            server.Lists["NEWS-L"] = new() { ["joan@example.org"] = "" };
            return null;
        };
        var added = Value(await Desk(server).Add("NEWS-L", "joan@example.org", "", Stop));
        Assert.Equal((true, ""), (added.Subscribed, added.Words));
        Assert.Equal(2, server.Commands.Count);
    }

    [Theory]
    [InlineData("NEWS-L", "not an address")]
    [InlineData("NEWS-L", "\"a b\"@example.org")]
    [InlineData("NEWS-L", "*@example.org")]
    [InlineData("NEWS-L FOR *", "joan@example.org")]
    [InlineData("", "joan@example.org")]
    public async Task What_would_be_another_command_is_not_sent(string list, string address)
    {
        await using var server = new ListservDouble();
        Assert.False((await Desk(server).Delete(list, address, Stop)).Is(out _, out var refusal));
        Assert.StartsWith("listserv.bad-", refusal!.Code, StringComparison.Ordinal);
        Assert.Empty(server.Commands);
    }

    [Fact]
    public async Task A_header_is_stored_in_one_line_and_read_again()
    {
        await using var server = new ListservDouble();
        server.Lists["TEST-L"] = new();
        var desk = Desk(server);
        string[] lines = ["* test", "*", "* Owner= joan@example.com", "* Notebook=No", "* Confidential=Yes"];
        var stored = Value(await desk.StoreHeader("TEST-L", lines, Stop));
        Assert.Equal(lines, stored.Header!.Lines);
        Assert.Equal("The header of TEST-L is stored.", stored.Words);
        Assert.Contains("X-STL TEST-L 6_* test1_*25_* Owner= joan@example.com13_* Notebook=No18_* Confidential=Yes", server.Commands);
        AssertRefused(await desk.StoreHeader("TEST-L", ["* Mülltonne"], Stop), "listserv.no-command", "ASCII");
        AssertRefused(await desk.StoreHeader("TEST-L", ["no asterisk"], Stop), "listserv.no-command", "asterisk");
        Assert.Null(Value(await desk.StoreHeader("OTHER-L", lines, Stop)).Header);
        Assert.Empty(server.Faults);
    }

    [Fact]
    public async Task A_header_comes_without_a_lock_and_the_change_log_line_by_line()
    {
        await using var server = new ListservDouble();
        server.Lists["NEWS-L"] = new();
        server.ChangeLogs["NEWS-L"] = "20240229235959 BOUNCE joan@example.org 5.1.1 gone\r\nwhat is this\r\n20240301000000 POST a@b.cc Hello\r\n";
        var desk = Desk(server);
        Assert.Equal("* A list of the double", Value(await desk.Header("NEWS-L", Stop)).Header!.Lines[0]);
        Assert.Equal("That is not known here.", Value(await desk.Header("OTHER-L", Stop)).Words);
        Assert.Equal(["BOUNCE", "POST"], Value(await desk.ChangeLog("NEWS-L", Stop)).Select(line => line.Event));
        Assert.Empty(Value(await desk.ChangeLog("OTHER-L", Stop)));
        Assert.Contains("GET NEWS-L (MSG NOLOCK HDR", server.Commands);
    }
}
