// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Time.Testing;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.World;

/// <summary>LUI's database, its peers and the clock; lives of LUI's process come and go in it.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private Installation(Database database, ScriptedHub hub, ScriptedTracker tracker, ScriptedDistributor distributor)
    {
        Database = database;
        Hub = hub;
        Tracker = tracker;
        Distributor = distributor;
        Lui = LuiProcess.Start(database, hub.Port, Clock);
    }

    public Database Database { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));

    public ScriptedHub Hub { get; }

    public ScriptedTracker Tracker { get; }

    public ScriptedDistributor Distributor { get; }

    public LuiProcess Lui { get; private set; }

    /// <summary>An installation of one each, all of which answer and know each other.</summary>
    public static async Task<Installation> Start(Database database)
    {
        database.Migrate(typeof(UserInterface).Assembly);
        var hub = await ScriptedHub.Start();
        var tracker = await ScriptedTracker.Start();
        var distributor = await ScriptedDistributor.Start();
        hub.List("trk", tracker.Port);
        hub.List("dst", distributor.Port);
        var installation = new Installation(database, hub, tracker, distributor);
        await installation.Lui.Refresh();
        return installation;
    }

    /// <summary>Ends LUI's process where it stands and begins another one.</summary>
    public async Task Restart()
    {
        await Lui.DisposeAsync();
        Lui = LuiProcess.Start(Database, Hub.Port, Clock);
    }

    /// <summary>Lets everything happen that can happen, a few times over.</summary>
    public async Task Settle()
    {
        for (var round = 0; round < 6; round++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Lui.Deliver();
            await Lui.Read();
        }

        await Lui.Deliver();
    }

    public async ValueTask DisposeAsync()
    {
        await Lui.DisposeAsync();
        await Distributor.DisposeAsync();
        await Tracker.DisposeAsync();
        await Hub.DisposeAsync();
        await Database.DisposeAsync();
        _folder.Dispose();
    }
}
