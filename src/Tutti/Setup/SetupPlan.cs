// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Commands.Setup;

/// <summary>What a new server shall be: everything that was asked for, checked as far as no disk is needed.</summary>
internal sealed record SetupPlan
{
    /// <summary>The components of this server in the house's order.</summary>
    public required IReadOnlyList<string> Components { get; init; }

    /// <summary>The name under which other servers and people reach this one.</summary>
    public required string HostName { get; init; }

    /// <summary>HOST[:PORT] of the hub on another server, or null.</summary>
    public string? Hub { get; init; }

    /// <summary>Address to listen on, or null for the default.</summary>
    public string? Bind { get; init; }

    /// <summary>Port for people at work.</summary>
    public int WebPort { get; init; } = 8080;

    /// <summary>Port for recipients: opens, clicks, unsubscribes.</summary>
    public int TrackerWebPort { get; init; } = 8081;

    /// <summary>Port for the components among themselves.</summary>
    public int InternalPort { get; init; } = 1099;

    /// <summary>Port of the tracker for links and events.</summary>
    public int TrackerPort { get; init; } = 7000;

    /// <summary>Port of the distributor for mail that comes back.</summary>
    public int SmtpPort { get; init; } = 2525;

    /// <summary>One process per component, each with an internal port of its own.</summary>
    public bool Separate { get; init; }

    /// <summary>URL of the PostgreSQL database that is to be the system database; null for a SQLite file.</summary>
    public string? DatabaseUrl { get; init; }

    /// <summary>Entries that go into the ini files beyond the ports.</summary>
    public IReadOnlyList<Assignment> Assignments { get; init; } = [];

    /// <summary>Internal ports of the components that do not use <see cref="InternalPort"/> itself; empty unless separate.</summary>
    public IEnumerable<(string Component, int Port)> OwnInternalPorts =>
        Separate ? Components.Select((component, i) => (component, InternalPort + i)).Skip(1) : [];

    /// <summary>HUB's web port where LUI, in another process of this host, has the plain one.</summary>
    public int? HubWebPort => Separate && Components.Contains("hub") && Components.Contains("lui") ? WebPort + 10 : null;
}
