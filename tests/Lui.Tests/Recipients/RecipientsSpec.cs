// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Tests.Recipients;

/// <summary>A specification of recipients, on a database of its own with one open job; each kind of database is a sealed subclass of a few lines.</summary>
public abstract class RecipientsSpec : IAsyncLifetime
{
    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected LuiDatabase LuiDatabase { get; private set; } = null!;

    private protected RecipientsWorld World { get; private set; } = null!;

    private protected Job Job { get; private set; } = null!;

    private protected abstract Task<LuiDatabase> CreateDatabase();

    public async ValueTask InitializeAsync()
    {
        LuiDatabase = await CreateDatabase();
        World = new RecipientsWorld(LuiDatabase.Database, LuiDatabase.Folder.Path);
        await World.Run();
        Job = await World.CreateJob();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await World.DisposeAsync();
        await LuiDatabase.DisposeAsync();
    }

    /// <summary>Ends this life and begins another one, whose worker does not run yet.</summary>
    private protected async Task Restart(int maxUploadMegabytes = 64)
    {
        await World.DisposeAsync();
        World = new RecipientsWorld(LuiDatabase.Database, LuiDatabase.Folder.Path, maxUploadMegabytes);
    }
}
