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

    /// <summary>
    /// Moves the deliveries on until LUI's process is killed at one of its calls to the distributor, before or after that has done its work; nothing that follows
    /// is done. Then another process begins.
    /// </summary>
    /// <param name="calls">At which call; if there are not so many, at the end.</param>
    public async Task KilledInTheMiddle(int calls)
    {
        using var end = new CancellationTokenSource();
        Distributor.Submitting.OnCall = () =>
        {
            if (Interlocked.Decrement(ref calls) == 0)
            {
                end.Cancel();
            }
        };
        try
        {
            await Lui.DeliverUntil(end.Token);
        }
        catch (OperationCanceledException)
        {
            // Killed.
        }
        catch (Grpc.Core.RpcException) when (end.IsCancellationRequested)
        {
            // Killed in a call.
        }

        Distributor.Submitting.OnCall = null;
        await Restart();
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
