// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tutti.Testing.Server;
using Tutti.Wiring.Hosting;

namespace Tutti.Hub.Tests.Servers;

/// <summary>The forms of the page for servers.</summary>
public sealed class ServersPageTests(RunningHub hub)
{
    [Fact]
    public async Task An_administrator_adds_a_server_and_removes_it_again()
    {
        await using var other = await TestServer.Start([ComponentType.Of<PretendedTracker>()], [("server", "Bind=127.0.0.5"), ("server", "HostName=127.0.0.5")]);
        var address = $"127.0.0.5:{other.InternalPort}";
        using var visitor = new Visitor(hub.Server.Web);
        using var came = await visitor.SignIn("/hub/sign-in", RunningHub.Account, RunningHub.Password);

        using var added = await visitor.Post("/hub/servers/add", ("__RequestVerificationToken", await visitor.FormToken("/hub/sign-in")), ("address", address));
        using var removed = await visitor.Post("/hub/servers/remove", ("__RequestVerificationToken", await visitor.FormToken("/hub/sign-in")), ("address", address));

        Assert.Equal($"/hub/servers?added={Uri.EscapeDataString(address)}&notes=", Target(added));
        Assert.Equal($"/hub/servers?removed={Uri.EscapeDataString(address)}&notes=", Target(removed));
    }

    [Fact]
    public async Task What_was_refused_comes_back_with_what_was_typed_and_why()
    {
        using var visitor = new Visitor(hub.Server.Web);
        using var came = await visitor.SignIn("/hub/sign-in", RunningHub.Account, RunningHub.Password);

        using var refused = await visitor.Post("/hub/servers/add", ("__RequestVerificationToken", await visitor.FormToken("/hub/sign-in")), ("address", "two words"));
        using var unknown = await visitor.Post("/hub/servers/remove", ("__RequestVerificationToken", await visitor.FormToken("/hub/sign-in")), ("address", "nobody.example:1"));

        Assert.StartsWith("/hub/servers?address=two%20words&refused=", Target(refused), StringComparison.Ordinal);
        Assert.StartsWith("/hub/servers/removal?server=nobody.example%3A1&refused=", Target(unknown), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_token_of_a_form_or_without_signing_in_nothing_is_added()
    {
        using var stranger = new Visitor(hub.Server.Web);
        using var visitor = new Visitor(hub.Server.Web);
        using var came = await visitor.SignIn("/hub/sign-in", RunningHub.Account, RunningHub.Password);

        using var forged = await visitor.Post("/hub/servers/add", ("address", "trk.example"));
        using var turnedAway = await stranger.Post("/hub/servers/add", ("__RequestVerificationToken", await stranger.FormToken("/hub/sign-in")), ("address", "trk.example"));

        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, turnedAway.StatusCode);
        Assert.StartsWith("/hub/sign-in", Target(turnedAway), StringComparison.Ordinal);
    }

    private static string Target(HttpResponseMessage answer)
    {
        var target = answer.Headers.Location!;
        return target.IsAbsoluteUri ? target.PathAndQuery : target.ToString();
    }
}
