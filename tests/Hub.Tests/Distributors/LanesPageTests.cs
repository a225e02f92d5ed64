// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tutti.Hub.Audit;
using Tutti.Testing.Server;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Tests.Distributors;

/// <summary>The buttons of the page for lanes.</summary>
public sealed class LanesPageTests(RunningHub hub)
{
    [Fact]
    public async Task An_administrator_pauses_a_lane_and_resumes_it_and_both_are_written_down()
    {
        await using var other = await TestServer.Start([ComponentType.Of<PretendedDistributor>()], [("server", "Bind=127.0.0.9"), ("server", "HostName=127.0.0.9")]);
        var address = $"127.0.0.9:{other.InternalPort}";
        using var visitor = new Visitor(hub.Server.Web);
        using var came = await visitor.SignIn("/hub/sign-in", RunningHub.Account, RunningHub.Password);
        using var added = await visitor.Post("/hub/servers/add", ("__RequestVerificationToken", await visitor.FormToken("/hub/sign-in")), ("address", address));

        using var paused = await Press(visitor, "pause", address, "google");
        Assert.Equal("/hub/lanes?paused=google", Target(paused));
        Assert.Equal(RunningHub.Account, PretendedDistributor.Held["google"]);

        using var resumed = await Press(visitor, "resume", address, "google");
        Assert.Equal("/hub/lanes?resumed=google", Target(resumed));
        Assert.Empty(PretendedDistributor.Held);
        await using var database = Database.OnSqlite(hub.DatabaseFile);
        var audit = await new AuditStore(database, TimeProvider.System).Newest(20, TestContext.Current.CancellationToken);
        Assert.Equal(
            [("lane.resumed", RunningHub.Account, $"google at {address}"), ("lane.paused", RunningHub.Account, $"google at {address}")],
            audit.Where(entry => entry.What.StartsWith("lane.", StringComparison.Ordinal)).Select(entry => (entry.What, entry.Account, entry.Detail)));

        using var unknown = await Press(visitor, "pause", address, "nobody");
        using var nowhere = await Press(visitor, "pause", "dst.example:1099", "google");
        Assert.StartsWith("/hub/lanes?refused=There%20is%20no%20lane", Target(unknown), StringComparison.Ordinal);
        Assert.StartsWith("/hub/lanes?refused=No%20distributor", Target(nowhere), StringComparison.Ordinal);
        using var removed = await visitor.Post("/hub/servers/remove", ("__RequestVerificationToken", await visitor.FormToken("/hub/sign-in")), ("address", address));
    }

    [Fact]
    public async Task Without_the_token_of_a_form_or_without_signing_in_nothing_is_paused()
    {
        using var stranger = new Visitor(hub.Server.Web);
        using var visitor = new Visitor(hub.Server.Web);
        using var came = await visitor.SignIn("/hub/sign-in", RunningHub.Account, RunningHub.Password);

        using var forged = await visitor.Post("/hub/lanes/pause", ("server", "dst.example:1099"), ("lane", "google"));
        using var turnedAway = await Press(stranger, "pause", "dst.example:1099", "google");

        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.StartsWith("/hub/sign-in", Target(turnedAway), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> Press(Visitor visitor, string button, string server, string lane) => await visitor.Post(
        $"/hub/lanes/{button}", ("__RequestVerificationToken", await visitor.FormToken("/hub/sign-in")), ("server", server), ("lane", lane));

    private static string Target(HttpResponseMessage answer)
    {
        var target = answer.Headers.Location!;
        return target.IsAbsoluteUri ? target.PathAndQuery : target.ToString();
    }
}
