// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Contracts.Server.V1;
using Tutti.Testing.Server;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using WireState = Tutti.Contracts.Server.V1.ComponentState;

namespace Tutti.Wiring.Tests.Hosting;

public sealed class ServerProcessTests
{
    private static readonly ComponentType[] _both = [ComponentType.Of<PeoplesPart>(), ComponentType.Of<RecipientsPart>()];

    [Fact]
    public async Task Each_component_answers_on_its_own_port_only_whatever_the_host_header_says()
    {
        await using var server = await TestServer.Start(_both);
        using var client = new HttpClient();

        Assert.Equal("hub:/hub/page", await client.GetStringAsync(new Uri(server.Web, "/hub/page"), TestContext.Current.CancellationToken));
        Assert.Equal("trk:/c/token", await client.GetStringAsync(new Uri(server.TrackerWeb, "/c/token"), TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NotFound, await Status(client, new Uri(server.Web, "/c/token"), host: server.TrackerWeb.Authority));
        Assert.Equal(HttpStatusCode.NotFound, await Status(client, new Uri(server.Web, "/hubris"), host: null));
    }

    [Fact]
    public async Task Services_of_the_corridor_are_not_reached_through_a_door_for_everything()
    {
        await using var server = await TestServer.Start(_both);
        using var client = new HttpClient();

        Assert.Equal(HttpStatusCode.NotFound, await Status(client, new Uri(server.TrackerWeb, "/tutti.trk.v1.Events/Fetch"), host: null));
        Assert.Equal(HttpStatusCode.NotFound, await Status(client, new Uri(server.Web, "/tutti.server.v1.Server/GetStatus"), host: null));
    }

    [Fact]
    public async Task Commands_are_taken_on_the_control_socket_and_not_on_the_internal_port()
    {
        await using var server = await TestServer.Start(_both);
        using var overPort = GrpcChannel.ForAddress($"http://127.0.0.1:{server.InternalPort}");

        var status = await new Contracts.Server.V1.Server.ServerClient(overPort).GetStatusAsync(new StatusRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["hub", "trk"], status.Components.Select(component => component.Name));

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await new Control.ControlClient(overPort).GetStatusAsync(new StatusRequest(), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);

        using var overSocket = ControlSocket.Dial(Assert.Single(ControlSocket.In(server.Home)));
        Assert.Equal(2, (await new Control.ControlClient(overSocket).GetStatusAsync(new StatusRequest(), cancellationToken: TestContext.Current.CancellationToken)).Components.Count);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ControlSocket.In(server.Home)[0]));
    }

    [Fact]
    public async Task A_stopped_component_is_unavailable_while_the_other_works_and_comes_back_new()
    {
        await using var server = await TestServer.Start(_both);
        using var client = new HttpClient();
        using var channel = ControlSocket.Dial(ControlSocket.In(server.Home)[0]);
        var control = new Control.ControlClient(channel);
        var firstLife = await client.GetStringAsync(new Uri(server.TrackerWeb, "/life"), TestContext.Current.CancellationToken);

        var stopped = await control.StopComponentAsync(new ComponentRequest { Name = "trk" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(WireState.Stopped, stopped.Components.Single(component => component.Name == "trk").State);
        using var unavailable = await client.GetAsync(new Uri(server.TrackerWeb, "/c/token"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unavailable.StatusCode);
        Assert.NotNull(unavailable.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Status(client, new Uri(server.TrackerWeb, "/health"), host: null));
        Assert.Equal(HttpStatusCode.OK, await Status(client, new Uri(server.Web, "/hub/page"), host: null));

        await control.StartComponentAsync(new ComponentRequest { Name = "trk" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.NotEqual(firstLife, await client.GetStringAsync(new Uri(server.TrackerWeb, "/life"), TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, await Status(client, new Uri(server.TrackerWeb, "/ready"), host: null));
    }

    [Fact]
    public async Task All_complaints_are_told_together_before_anything_starts()
    {
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => TestServer.Start(_both, [("trk", "Colour=blue"), ("hub", "Depth=1"), ("hub", "Dept=1")]));

        Assert.Equal(
            ["hub.ini:2: Dept: is not a known key. Did you mean Depth?", "tracker.ini:1: Colour: 'blue' is not allowed. Allowed: red, green."],
            refused.Complaints.Select(complaint => complaint.ToString()));
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_its_key_and_line()
    {
        await using var first = await TestServer.Start(_both);

        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => TestServer.Start(_both, [("server", $"WebPort={first.Web.Port}")]));

        Assert.StartsWith($"server.ini:8: WebPort: port {first.Web.Port} of 127.0.0.1 is already in use", Assert.Single(refused.Complaints).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_home_is_run_by_one_process_at_a_time()
    {
        await using var first = await TestServer.Start(_both);

        var refused = await Assert.ThrowsAsync<ServerStartException>(() => TestServer.Start(_both, home: first.Home));

        Assert.Contains("is in use by another process", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> Status(HttpClient client, Uri address, string? host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Host = host;
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private sealed record DepthSettings
    {
        public int Depth { get; init; }
    }

    private sealed record ColourSettings
    {
        [System.ComponentModel.DataAnnotations.AllowedValues("red", "green")]
        public string Colour { get; init; } = "red";
    }

    private sealed record Life(Guid Id);

    private sealed class PeoplesPart : IComponent
    {
        public static string Name => "hub";

        public static IReadOnlyList<Door> Doors { get; } = [new(Listener.Web, "/hub")];

        public static void Add(WebApplicationBuilder builder) => builder.AddSettings<DepthSettings>();

        public static void Map(WebApplication app) => app.MapGet("{**path}", (HttpContext context) => $"hub:{context.Request.Path}");
    }

    private sealed class RecipientsPart : IComponent
    {
        public static string Name => "trk";

        public static IReadOnlyList<Door> Doors { get; } = [new(Listener.TrackerWeb, "/"), new(Listener.Tracker, "/tutti.trk.v1.")];

        public static void Add(WebApplicationBuilder builder)
        {
            builder.AddSettings<ColourSettings>();
            builder.Services.AddSingleton(services => new Life(Guid.CreateVersion7(services.GetRequiredService<TimeProvider>().GetUtcNow())));
        }

        public static void Map(WebApplication app)
        {
            app.MapGet("/life", (Life life) => life.Id.ToString());
            app.MapGet("{**path}", (HttpContext context) => $"trk:{context.Request.Path}");
        }
    }
}
