// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Listserv;
using Tutti.Testing.Listserv;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Outcomes;

namespace Tutti.Dst.Tests.Listserv;

public sealed class TcpguiClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal static ListservSettings Settings(int port) => new()
    {
        Listserv = $"127.0.0.1:{port}",
        ListservUser = "tutti@example.com",
        ListservPassword = new Secret("secret"),
        ListservDomain = "lists.example.com",
    };

    [Fact]
    public async Task A_command_and_its_answer_have_the_bytes_of_the_documents()
    {
        await using var server = new ListservDouble { Answer = _ => Convert.FromHexString("00000000000000146C696E65206F6E650D0A6C696E652074776F0D0A") };
        var client = new TcpguiClient(Settings(server.Port) with { ListservUser = "maestro@example.com" }, TimeProvider.System);
        Assert.Equal(["line one", "line two"], Value(await client.Ask("SHOW VERSION", Stop)));
        await server.DisposeAsync();
        Assert.Equal(
            "31420D0A002A136D61657374726F406578616D706C652E636F6D" + "53484F572056455253494F4E2050573D534543524554",
            Convert.ToHexString(Assert.Single(server.Heard)));
        Assert.Empty(server.Faults);
    }

    [Fact]
    public async Task A_password_goes_as_it_is_where_the_site_wants_it_so()
    {
        await using var server = new ListservDouble { Password = "secret" };
        Assert.Equal(["That password does not go with that address."], Value(await new TcpguiClient(Settings(server.Port), TimeProvider.System).Ask("SHOW VERSION", Stop)));
        var exact = new TcpguiClient(Settings(server.Port) with { ListservPasswordInCapitals = false }, TimeProvider.System);
        Assert.Contains("Double", Value(await exact.Ask("SHOW VERSION", Stop))[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task An_answer_in_small_pieces_is_the_same_answer(int piece)
    {
        await using var server = new ListservDouble { Piece = piece };
        server.Lists["NEWS-L"] = new() { ["ü@example.com"] = "Ümlaut Doe" };
        var found = new List<string>();
        Assert.Equal("", Value(await Desk(server).Subscribers("NEWS-L", one => found.Add($"{one.Address} {one.Name}"), Stop)));
        Assert.Equal(["ü@example.com Ümlaut Doe"], found);
    }

    [Theory]
    [InlineData("500 Not now\r\n", "listserv.turned-away", "500 Not now")]
    [InlineData(null, "listserv.unreachable", "closed")]
    [InlineData("250 OK\r\n\0\0\0\0\0\0\0\u0001x", "listserv.unreachable", "out of turn")]
    public async Task Without_the_line_that_asks_for_it_no_command_is_sent(string? greeting, string code, string words)
    {
        await using var server = new ListservDouble { Greeting = greeting };
        AssertRefused(await new TcpguiClient(Settings(server.Port), TimeProvider.System).Ask("SHOW VERSION", Stop), code, words);
        await server.DisposeAsync();
        Assert.DoesNotContain(server.Heard, heard => Encoding.ASCII.GetString(heard).Contains("PW=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_first_line_without_an_end_is_not_read_for_ever()
    {
        await using var server = new ListservDouble { Greeting = "250" + new string('x', 10_000) };
        AssertRefused(await new TcpguiClient(Settings(server.Port), TimeProvider.System).Ask("SHOW VERSION", Stop), "listserv.unreachable", "has no end");
    }

    [Fact]
    public async Task Nobody_there_is_said_so()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        silent.Stop();
        AssertRefused(await new TcpguiClient(Settings(port), TimeProvider.System).Ask("SHOW VERSION", Stop), "listserv.unreachable", "No command was sent");
        AssertRefused(await new TcpguiClient(Settings(port) with { Listserv = "no-such-host.invalid" }, TimeProvider.System).Ask("SHOW VERSION", Stop), "listserv.unreachable", "No command was sent");
        AssertRefused(await new TcpguiClient(new ListservSettings(), TimeProvider.System).Ask("SHOW VERSION", Stop), "listserv.not-set-up", "dst/distributor.ini");
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000")]
    [InlineData("0000000000000014")]
    [InlineData("00000000000000146C696E65")]
    public async Task An_answer_that_is_cut_leaves_it_open_whether_the_command_ran(string bytes)
    {
        await using var server = new ListservDouble { Answer = _ => Convert.FromHexString(bytes) };
        AssertRefused(await new TcpguiClient(Settings(server.Port), TimeProvider.System).Ask("SHOW VERSION", Stop), ListservRefusals.LostCode, "is not known");
    }

    [Fact]
    public async Task A_code_other_than_0_is_told_with_what_comes_behind_it()
    {
        await using var server = new ListservDouble { Answer = _ => ListservDouble.Reply("Out of order\r\n", code: 1000) };
        var client = new TcpguiClient(Settings(server.Port), TimeProvider.System);
        AssertRefused(await client.Ask("SHOW VERSION", Stop), "listserv.failed", "1000: Out of order");
        server.Answer = _ => [0, 0, 0, 9];
        AssertRefused(await client.Ask("SHOW VERSION", Stop), "listserv.failed", "code 9: nothing");
    }

    [Fact]
    public async Task An_answer_of_no_bytes_is_complete_and_one_of_too_many_is_not_read()
    {
        await using var server = new ListservDouble { Answer = _ => ListservDouble.Reply("") };
        var client = new TcpguiClient(Settings(server.Port) with { ListservAnswerSize = 70_000 }, TimeProvider.System);
        Assert.Empty(Value(await client.Ask("SHOW VERSION", Stop)));
        server.Answer = _ => ListservDouble.Reply("", length: uint.MaxValue);
        AssertRefused(await client.Ask("SHOW VERSION", Stop), "listserv.too-long", "ListservAnswerSize");
        server.Answer = _ => ListservDouble.Reply(string.Concat(Enumerable.Repeat("0123456\r\n", 7000)));
        Assert.Equal(7000, Value(await client.Ask("SHOW VERSION", Stop)).Count);
    }

    [Fact]
    public async Task A_silent_server_is_given_up_after_its_time()
    {
        var clock = new FakeTimeProvider();
        var never = new TaskCompletionSource();
        await using var server = new ListservDouble { Hold = never.Task };
        var asking = new TcpguiClient(Settings(server.Port), clock).Ask("SHOW VERSION", Stop);
        await Eventually(() => !server.Commands.IsEmpty);
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.False(asking.IsCompleted);
        clock.Advance(TimeSpan.FromMinutes(2));
        AssertRefused(await asking, ListservRefusals.LostCode, "too long");
    }

    [Fact]
    public async Task Whoever_gives_up_is_not_told_a_reason()
    {
        var never = new TaskCompletionSource();
        await using var server = new ListservDouble { Hold = never.Task };
        using var leaving = new CancellationTokenSource();
        var asking = new TcpguiClient(Settings(server.Port), TimeProvider.System).Ask("SHOW VERSION", leaving.Token);
        await Eventually(() => !server.Commands.IsEmpty);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    internal static ListservDesk Desk(ListservDouble server) => new(new TcpguiClient(Settings(server.Port), TimeProvider.System));

    internal static T Value<T>(Outcome<T> outcome) => outcome.Is(out var value, out var refusal) ? value : throw new Xunit.Sdk.XunitException(refusal.Message);

    internal static void AssertRefused<T>(Outcome<T> outcome, string code, string words)
    {
        Assert.False(outcome.Is(out _, out var refusal));
        Assert.Equal(code, refusal!.Code);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task Eventually(Func<bool> reached)
    {
        while (!reached())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Stop);
        }
    }
}
