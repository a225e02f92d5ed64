// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Hosting;

/// <summary>
/// A component of the product. Each runs as a web application of its own, with its own services, workers and log, but
/// without a socket: the process's front door owns the listeners and hands over what belongs to it.
/// </summary>
public interface IComponent
{
    /// <summary>Short name: lui, hub, trk or dst. Also the name of its folder in home.</summary>
    static abstract string Name { get; }

    /// <summary>What it answers, and on which listener.</summary>
    static abstract IReadOnlyList<Door> Doors { get; }

    /// <summary>True if it has something to do for the public even while no other component can reach it: it then starts, with its public port only, where <c>commands/ssl.ini</c> is refused.</summary>
    static virtual bool ServesWithoutCorridor(ComponentFolder folder) => false;

    /// <summary>Registers its slices.</summary>
    static abstract void Add(WebApplicationBuilder builder);

    /// <summary>Adds its middleware and endpoints.</summary>
    static abstract void Map(WebApplication app);
}

/// <summary>The ports of a server.</summary>
public enum Listener
{
    /// <summary>People at work, REST, subscriber pages; default port 8080.</summary>
    Web,

    /// <summary>Recipients: opens, clicks, unsubscribes; default port 8081.</summary>
    TrackerWeb,

    /// <summary>Components among themselves, gRPC; default port 1099.</summary>
    Internal,

    /// <summary>Links to and events from the tracker, gRPC; default port 7000.</summary>
    Tracker,

    /// <summary>Commands of the person who owns home: a Unix socket in it, no port.</summary>
    Control,
}

/// <summary>Requests of one listener whose path starts with <paramref name="Path"/>. The longest match wins.</summary>
/// <param name="Listener">The port it belongs to; decided by the connection, never by the Host header.</param>
/// <param name="Path">"/" for all; "/hub" matches itself and what lies below; "/tutti.trk.v1." a gRPC package.</param>
public sealed record Door(Listener Listener, string Path);
