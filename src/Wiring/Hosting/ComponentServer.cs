// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Tutti.Wiring.Hosting;

/// <summary>The server of a component's web application: it has no socket, the front door hands it requests.</summary>
internal sealed class ComponentServer : IServer
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock;
    private int _inFlight;
    private volatile HostedApplication? _application;

    public ComponentServer(TimeProvider clock)
    {
        _clock = clock;
        Features.Set<IServerAddressesFeature>(new NoAddresses());
    }

    public IFeatureCollection Features { get; } = new FeatureCollection();

    /// <summary>The application, or null while the component does not take requests.</summary>
    public HostedApplication? Application => _application;

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _application = new HostedApplication<TContext>(application, this);
        return Task.CompletedTask;
    }

    /// <summary>Takes no more requests and lets those that run come to their end, but not for ever: an open circuit would hold the stop.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _application = null;
        var deadline = _clock.GetUtcNow() + _patience;
        while (Volatile.Read(ref _inFlight) > 0 && _clock.GetUtcNow() < deadline && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), _clock, CancellationToken.None);
        }
    }

    public void Dispose() => _application = null;

    private sealed class NoAddresses : IServerAddressesFeature
    {
        public ICollection<string> Addresses { get; } = [];

        public bool PreferHostingUrls { get; set; }
    }
}

/// <summary>A component's request pipeline with its context type forgotten.</summary>
internal abstract class HostedApplication
{
    public abstract object Create(IFeatureCollection features);

    public abstract Task Process(object context);

    public abstract void Dispose(object context, Exception? exception);
}

/// <inheritdoc cref="HostedApplication"/>
internal sealed class HostedApplication<TContext>(IHttpApplication<TContext> application, ComponentServer server) : HostedApplication
    where TContext : notnull
{
    public override object Create(IFeatureCollection features)
    {
        server.Enter();
        return application.CreateContext(features);
    }

    public override Task Process(object context) => application.ProcessRequestAsync((TContext)context);

    public override void Dispose(object context, Exception? exception)
    {
        application.DisposeContext((TContext)context, exception);
        server.Leave();
    }
}
