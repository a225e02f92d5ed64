// SPDX-License-Identifier: Apache-2.0
using Microsoft.Playwright;
using Tutti.System.Tests.Rest;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Browser;

/// <summary>Somebody writes while the connection is lost, the server is killed, the browser is closed: what was typed is there again.</summary>
public sealed class LostConnectionTests : SystemTest
{
    [Fact]
    public async Task What_is_typed_while_nobody_listens_is_kept()
    {
        var installation = Own(await Installation.SetUp(separate: false));
        await installation.Start();
        await installation.CreateToken();
        using var program = new RestClient(installation);
        var job = (await program.Send(HttpMethod.Post, "jobs", new { title = "Written on a train" })).GetProperty("job").GetString()!;
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Desk.Browser(playwright);
        await using var desk = await Desk.SignIn(browser, installation, "admin", installation.AdminPassword);

        await TypedWithoutANetwork(desk, program, job);
        await TypedOnAnotherPage(desk, installation, program, job);
        await TypedWhileTheServerWasDead(desk, installation, program, job);
    }

    /// <summary>The network comes back before the server has given up the page: nothing has to be done by hand.</summary>
    private static async Task TypedWithoutANetwork(Desk desk, RestClient program, string job)
    {
        var cable = new Cable(desk.Page);
        await cable.Lay();
        await desk.Go($"/jobs/{job}/content");
        await desk.Page.Locator("#subject").FillAsync("Before");
        await desk.Sees("Recovery copy kept.");
        await cable.Cut();
        await Desk.Shown(desk.Page.Locator("#components-reconnect-modal"));
        await desk.Page.Locator("#subject").FillAsync("In the tunnel");
        await desk.Page.Locator("#html-editor").FillAsync("<p>Dark here</p>");
        await cable.Mend();
        await Assertions.Expect(desk.Page.Locator("#components-reconnect-modal")).ToBeHiddenAsync(new() { Timeout = 60_000 });
        await desk.Press("Save message");
        await desk.Sees("Saved.");
        var saved = await program.Get($"jobs/{job}/content");
        Assert.Equal(("In the tunnel", "<p>Dark here</p>"), (saved.GetProperty("subject").GetString(), saved.GetProperty("html").GetString()));
    }

    /// <summary>The server is killed and the tab closed before it is back: the browser has the copy, and the new tab offers it.</summary>
    private static async Task TypedWhileTheServerWasDead(Desk desk, Installation installation, RestClient program, string job)
    {
        await desk.Go($"/jobs/{job}/content");
        await desk.Page.Locator("#subject").FillAsync("Known to the server");
        await desk.Sees("Recovery copy kept.");
        await installation.Kill("all");
        await Desk.Shown(desk.Page.Locator("#components-reconnect-modal"));
        await desk.Page.Locator("#subject").FillAsync("Known to the browser");
        await desk.Page.Locator("#html-editor").FillAsync("<p>Typed to nobody</p>");
        var second = await desk.Page.Context.NewPageAsync();
        second.SetDefaultTimeout(60_000);
        await desk.Page.CloseAsync(new() { RunBeforeUnload = false });
        await installation.Start();
        await using var again = new Desk(second, installation);
        await again.Go($"/jobs/{job}/content");
        await again.Press("Take it up");
        await Assertions.Expect(second.Locator("#subject")).ToHaveValueAsync("Known to the browser", new() { Timeout = 60_000 });
        await again.Press("Save message");
        await again.Sees("Saved.");
        var saved = await program.Get($"jobs/{job}/content");
        Assert.Equal(("Known to the browser", "<p>Typed to nobody</p>"), (saved.GetProperty("subject").GetString(), saved.GetProperty("html").GetString()));
        Assert.Equal(0, await second.EvaluateAsync<int>("() => Object.keys(localStorage).filter(name => name.startsWith('tutti-copy:')).length"));
    }

    /// <summary>A small form: the page fetches itself anew when the server is there again, and says that what was typed is not saved yet.</summary>
    private static async Task TypedOnAnotherPage(Desk desk, Installation installation, RestClient program, string job)
    {
        // Not by its address: right after saving, the browser may still ask whether to leave.
        await desk.Page.GetByRole(AriaRole.Link, new() { Name = "Back to the job" }).ClickAsync();
        await desk.Page.Locator("main a[href$='/schedule']").First.ClickAsync();
        await desk.Page.Locator("#at-time").CheckAsync();
        await desk.Page.Locator("#at").FillAsync("2031-05-06T07:08");
        await installation.Kill("all");
        await Desk.Shown(desk.Page.Locator("#components-reconnect-modal"));
        await desk.Page.Locator("#zone").SelectOptionAsync("Asia/Tokyo");
        await installation.Start();
        await Desk.Shown(desk.Page.Locator("#t-put-back"));
        await Assertions.Expect(desk.Page.Locator("#at")).ToHaveValueAsync("2031-05-06T07:08", new() { Timeout = 60_000 });
        await desk.Press("Save schedule");
        await Desk.Shown(desk.Page.Locator(".t-steps"));
        Assert.Contains("2031-05-05T22:08:00", (await program.Get($"jobs/{job}")).GetProperty("schedule").GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>A page's way to its server that can be cut: the socket that it has, the next ones, and plain requests.</summary>
    private sealed class Cable(IPage page)
    {
        private readonly List<(IWebSocketRoute Page, IWebSocketRoute Server)> _sockets = [];
        private bool _isCut;

        public Task Lay() => page.RouteWebSocketAsync("**/_blazor**", socket =>
        {
            lock (_sockets)
            {
                if (_isCut)
                {
                    _ = socket.CloseAsync();
                }
                else
                {
                    _sockets.Add((socket, socket.ConnectToServer()));
                }
            }
        });

        public async Task Cut()
        {
            await page.Context.SetOfflineAsync(true);
            List<(IWebSocketRoute Page, IWebSocketRoute Server)> sockets;
            lock (_sockets)
            {
                _isCut = true;
                sockets = [.. _sockets];
                _sockets.Clear();
            }

            foreach (var (browser, server) in sockets)
            {
                await server.CloseAsync();
                await browser.CloseAsync();
            }
        }

        public async Task Mend()
        {
            lock (_sockets)
            {
                _isCut = false;
            }

            await page.Context.SetOfflineAsync(false);
        }
    }
}
