// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Storage;

/// <summary>Which engine a component's database runs on.</summary>
public enum DatabaseEngine
{
    /// <summary>A SQLite file in the component's data folder.</summary>
    Sqlite,

    /// <summary>A PostgreSQL server.</summary>
    Postgres,
}

/// <summary>Where a component keeps its database.</summary>
public sealed record DatabaseSettings
{
    /// <summary>The engine.</summary>
    [Description("sqlite keeps the database in the component's data folder; postgres on a server of its own.")]
    public DatabaseEngine Database { get; init; }

    /// <summary>How to reach PostgreSQL.</summary>
    [Description("PostgreSQL: postgresql://USER:PASSWORD@HOST/NAME or a connection string of Npgsql, or file:/path whose first line holds it.")]
    public Secret DatabaseUrl { get; init; } = new("");
}

/// <summary>How a component declares its database.</summary>
public static partial class DatabaseRegistration
{
    /// <summary>Registers the component's <see cref="Database"/>; its schema is brought up to date before any worker starts.</summary>
    /// <param name="builder">The component's builder.</param>
    /// <param name="fileName">The SQLite file's name in the data folder.</param>
    /// <param name="migrations">The assembly that carries the folder Migrations.</param>
    public static WebApplicationBuilder AddDatabase(this WebApplicationBuilder builder, string fileName, Assembly migrations)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddSettings<DatabaseSettings>();
        builder.Services.AddSingleton(services => Open(services.GetRequiredService<DatabaseSettings>(), services.GetRequiredService<ComponentFolder>(), fileName));
        builder.Services.AddSingleton<IHostedService>(services => new MigrateAtStart(
            services.GetRequiredService<Database>(), migrations, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>()));
        return builder;
    }

    /// <summary>Registers the leases of a component of which several nodes may share a database; what this node holds is let go of when it stops.</summary>
    public static WebApplicationBuilder AddLeases(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services
            .AddSingleton(services => new Leases(
                services.GetRequiredService<Database>(),
                HolderOf(services),
                services.GetRequiredService<TimeProvider>()))
            .AddHostedService<ReleaseAtStop>();
        return builder;
    }

    /// <summary>What names this node among those that share a database; the same after a restart.</summary>
    public static string HolderOf(IServiceProvider services) =>
        $"{services.GetRequiredService<ServerConfiguration>().Common.HostName}:{services.GetRequiredService<ServerSettings>().InternalPort}";

    /// <summary>Opens a component's database outside a running server, for the command line.</summary>
    /// <param name="settings">The component's settings.</param>
    /// <param name="folder">The component's folder; its name is the schema on PostgreSQL.</param>
    /// <param name="fileName">The SQLite file's name in the data folder.</param>
    public static Database Open(DatabaseSettings settings, ComponentFolder folder, string fileName)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(folder);
        return settings.Database switch
        {
            DatabaseEngine.Sqlite => Database.OnSqlite(Path.Combine(folder.Data, fileName)),
            DatabaseEngine.Postgres => Database.OnPostgres(settings.DatabaseUrl.Reveal(), folder.Name),
        };
    }

    private sealed class ReleaseAtStop(Leases leases) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        // A database that is away lets them end by themselves.
        public async Task StopAsync(CancellationToken cancellationToken) =>
            await leases.ReleaseAll(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Waits for a database server that is away: the component is not ready until it is back, and nobody has to start it again.</summary>
    private sealed partial class MigrateAtStart(Database database, Assembly migrations, TimeProvider clock, ILoggerFactory logs) : IHostedService
    {
        private static readonly TimeSpan _pause = TimeSpan.FromSeconds(2);
        private readonly ILogger _logger = logs.CreateLogger<Database>();

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            for (var isFirst = true; !await TryMigrate(isFirst, cancellationToken); isFirst = false)
            {
                await Task.Delay(_pause, clock, cancellationToken);
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        private async Task<bool> TryMigrate(bool isFirst, CancellationToken cancellationToken)
        {
            try
            {
                await Task.Run(() => database.Migrate(migrations), cancellationToken);
                return true;
            }
            catch (Exception exception) when (DatabaseAbsence.Is(exception))
            {
                if (isFirst)
                {
                    LogWaiting(exception.Message);
                }

                return false;
            }
        }

        [LoggerMessage(1031, LogLevel.Warning, "The database does not answer ({Reason}); the start goes on when it does", EventName = "wiring.database.waiting")]
        private partial void LogWaiting(string reason);
    }
}
