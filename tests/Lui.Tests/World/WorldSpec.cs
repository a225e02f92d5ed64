// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Reports;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.World;

/// <summary>A specification that plays in an installation; each database is a sealed subclass of a few lines.</summary>
public abstract class WorldSpec : IAsyncLifetime
{
    internal static readonly Actor Ada = new("1", "Ada");

    internal static CancellationToken Token => TestContext.Current.CancellationToken;

    internal Installation World { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => World = await Installation.Start(await CreateDatabase());

    public virtual async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<Database> CreateDatabase();

    private protected static async Task<Database> OnPostgres(PostgresServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return Database.OnPostgres(await server.CreateDatabase(), "lui");
    }

    private protected static Task<Database> OnSqlite(TemporaryFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Task.FromResult(Database.OnSqlite(folder.File($"{Guid.CreateVersion7()}.sqlite")));
    }

    private protected async Task<Receipt> Receipt(Job job) => (await World.Lui.Get<ReadReceipt>().Handle(job.Id, Token)).Value;
}
