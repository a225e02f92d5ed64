// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace Tutti.Wiring.Hosting;

/// <summary>
/// Answers one port: hands each request to the component whose door matches best. The port is known from the
/// connection, so neither a forged Host header nor a path of another port's component reaches anything here.
/// </summary>
internal sealed class FrontDoor(Listener listener, IReadOnlyList<IDoorKeeper> keepers, bool isHttps) : IHttpApplication<FrontDoor.Request>
{
    private const string GrpcPathStart = "/tutti.";
    private const string StrictTransport = "max-age=31536000";

    private readonly (string Path, IDoorKeeper Keeper)[] _doors =
    [
        .. keepers
            .SelectMany(keeper => keeper.Doors.Where(door => door.Listener == listener).Select(door => (door.Path, Keeper: keeper)))
            .OrderByDescending(door => door.Path.Length),
    ];

    /// <summary>A request on its way: whose it is, and that application's own context; or an answer of the front door itself.</summary>
    internal readonly record struct Request(HostedApplication? Application, object Context);

    public Request CreateContext(IFeatureCollection contextFeatures)
    {
        var request = contextFeatures.GetRequiredFeature<IHttpRequestFeature>();
        if (isHttps)
        {
            if (request.Scheme == Uri.UriSchemeHttp)
            {
                return new Request(null, new Answer(contextFeatures, null) { IsRedirect = true });
            }

            contextFeatures.GetRequiredFeature<IHttpResponseFeature>().Headers.StrictTransportSecurity = StrictTransport;
        }

        var path = request.Path;
        var keeper = Find(path);
        return keeper?.Requests is { } application
            ? new Request(application, application.Create(contextFeatures))
            : new Request(null, new Answer(contextFeatures, keeper));
    }

    public Task ProcessRequestAsync(Request context) => context.Application is { } application
        ? application.Process(context.Context)
        : Answer((Answer)context.Context);

    public void DisposeContext(Request context, Exception? exception) => context.Application?.Dispose(context.Context, exception);

    private static bool Matches(string path, string door) => door switch
    {
        "/" => true,
        [.., '.' or '/'] => path.StartsWith(door, StringComparison.Ordinal),
        _ => path.StartsWith(door, StringComparison.OrdinalIgnoreCase) && (path.Length == door.Length || path[door.Length] == '/'),
    };

    private IDoorKeeper? Find(string path)
    {
        if (path is "/health" or "/ready")
        {
            return null;
        }

        // The services of the corridor are reached through a door that names them, never through one that is open for all.
        var isCall = path.StartsWith(GrpcPathStart, StringComparison.Ordinal);
        foreach (var (doorPath, keeper) in _doors)
        {
            if (Matches(path, doorPath) && (!isCall || doorPath.StartsWith(GrpcPathStart, StringComparison.Ordinal)))
            {
                return keeper;
            }
        }

        return null;
    }

    private async Task Answer(Answer answer)
    {
        var context = new DefaultHttpContext(answer.Features);
        if (answer.IsRedirect)
        {
            var request = context.Request;
            context.Response.StatusCode = request.Host.HasValue ? StatusCodes.Status308PermanentRedirect : StatusCodes.Status400BadRequest;
            context.Response.Headers.Location = request.Host.HasValue ? UriHelper.BuildAbsolute(Uri.UriSchemeHttps, request.Host, request.PathBase, request.Path, request.QueryString) : default;
            context.Response.Headers.Connection = "close";
        }
        else if (answer.Keeper is not null)
        {
            await Unavailable.Write(context, answer.Keeper.Name);
        }
        else if (context.Request.Path.Value is "/health" or "/ready")
        {
            await HealthAnswer.Write(context, [.. _doors.Select(door => door.Keeper).OfType<RunningComponent>().Distinct()]);
        }
        else if (context.Request.Path.Value is "/" && listener == Listener.Web && _doors is [{ Path: var first }, ..])
        {
            context.Response.Redirect(first);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}

/// <summary>A request that the front door answers itself.</summary>
/// <param name="Features">The request.</param>
/// <param name="Keeper">Whom it belongs to, who does not take requests now; or null.</param>
internal sealed record Answer(IFeatureCollection Features, IDoorKeeper? Keeper)
{
    /// <summary>It came without TLS to a port that has it: nothing but the way to https is told.</summary>
    public bool IsRedirect { get; init; }
}

/// <summary>Who answers behind doors: a component, or the process itself.</summary>
internal interface IDoorKeeper
{
    string Name { get; }

    IReadOnlyList<Door> Doors { get; }

    /// <summary>What answers requests now, or null.</summary>
    HostedApplication? Requests { get; }
}
