// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Frame.Layout;
using Tutti.Hub.Components;
using Tutti.Hub.Distributors;
using Tutti.Testing;
using Tutti.Testing.Server;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Storage;
using Tutti.Wiring.Transport;

namespace Tutti.Hub.Tests.Distributors;

/// <summary>The page for lanes as it is drawn, over distributors that are called.</summary>
public sealed class LanesTableTests : IAsyncLifetime
{
    private readonly BunitContext _browser = new();
    private readonly TemporaryFolder _folder = new();
    private Database _database = null!;
    private Peers _peers = null!;
    private ServerStore _servers = null!;

    private static CancellationToken Cancelled => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = Database.OnSqlite(_folder.File("hub.sqlite"));
        _database.Migrate(typeof(AdministrationHub).Assembly);
        var home = new HomeFolder(_folder.File("home"));
        Directory.CreateDirectory(Path.GetDirectoryName(home.ServerIni)!);
        await File.WriteAllLinesAsync(home.ServerIni, ["Components=hub", "HostName=localhost", "Bind=127.0.0.1"], Cancelled);
        _peers = new Peers(ServerConfiguration.Read(home, new Hashtable()));
        _servers = new ServerStore(_database, TimeProvider.System);
        _browser.Services.AddSingleton(TimeProvider.System).AddSingleton(_servers).AddSingleton(_peers).AddSingleton<CallDistributor>().AddSingleton<ViewerClock>();
        _browser.Services.AddSingleton(new FrameIdentity("Tutti", "/hub", [], "/hub/sign-out")).AddSingleton<AntiforgeryStateProvider, NoToken>();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _peers.Dispose();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_lane_has_a_row_with_a_button_and_those_without_a_lane_stand_below_them()
    {
        await using var distributor = await TestServer.Start([ComponentType.Of<PretendedDistributor>()], [("server", "Bind=127.0.0.10"), ("server", "HostName=127.0.0.10")]);
        await Know("127.0.0.10", distributor.InternalPort);

        var page = _browser.Render<LanesPage>();

        await page.WaitForAssertionAsync(() => Assert.Equal(3, page.FindAll("tbody tr").Count));
        var rows = page.FindAll("tbody tr").Select(row => row.QuerySelectorAll("th, td").Select(cell => string.Join(' ', cell.TextContent.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))).ToList()).ToList();
        Assert.Equal(["yahoo 0 messages accepted", "Pauses421 4.7.0 [TSS04] Later Try now", "1,200", "3 of 5", "60at most 300"], rows[0][..5]);
        Assert.StartsWith("450 4.2.1 Busy", rows[0][5], StringComparison.Ordinal);
        Assert.Equal("Mail flows Pause", rows[1][1]);
        Assert.StartsWith("Not looked up yet", rows[2][0], StringComparison.Ordinal);
        Assert.Equal(("", "321"), (rows[2][1], rows[2][2]));
        Assert.Equal(["resume", "pause"], page.FindAll("tbody form").Select(form => form.GetAttribute("action")!.Split('/')[^1]));
        Assert.Contains("4 lanes, 1 stands still, 120 messages accepted in the last minute", page.Markup, StringComparison.Ordinal);
        Assert.Contains("2 more lanes were used lately.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_distributor_that_does_not_answer_is_named_and_without_one_the_page_says_what_to_do()
    {
        var empty = _browser.Render<LanesPage>();
        await empty.WaitForAssertionAsync(() => Assert.Contains("There is no distributor.", empty.Markup, StringComparison.Ordinal));

        var port = FreePort.Next();
        await Know("127.0.0.11", port);
        var page = _browser.Render<LanesPage>();
        await page.WaitForAssertionAsync(() => Assert.Contains($"The distributor at 127.0.0.11:{port} cannot be asked", page.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(30));
        Assert.Empty(page.FindAll("table"));
    }

    private async Task Know(string host, int port)
    {
        await _servers.Add(host, port, Cancelled);
        await _servers.SaveAnswer(
            new KnownServer(host, port, "0.1.0", null, null, TimeSpan.Zero, null, [new KnownComponent("dst", 0, "", "running", true, [], [])]), Cancelled);
    }

    /// <summary>Forms need one to be drawn; nobody sends them here.</summary>
    private sealed class NoToken : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => null;
    }
}
