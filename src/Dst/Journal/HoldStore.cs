// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Journal;

/// <summary>
/// One distributor at a time on a PostgreSQL database: it takes a lease before it looks at anything, and every commit of
/// the journal proves that it still has it. A file is held by the lock on its folder.
/// </summary>
internal sealed partial class HoldStore(Database database, Leases leases, TimeProvider clock, ILogger<HoldStore> logger) : BackgroundService
{
    /// <summary>Name of the lease.</summary>
    public const string Name = "distributor";

    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

    /// <summary>How long it waits for a lease whose holder may be gone.</summary>
    internal TimeSpan Patience { get; init; } = Leases.Length + _look;

    /// <summary>Who holds the lease here; null where there is none.</summary>
    public string? Holder => database.Dialect == Dialect.Postgres ? leases.Holder : null;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Holder is not null)
        {
            await Take(cancellationToken);
            await base.StartAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Leases.Length / 4, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Renew(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The component stops.
        }
    }

    private async Task Take(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (!await leases.Keep(Name, cancellationToken))
        {
            var other = await Other(cancellationToken);
            if (clock.GetElapsedTime(began) >= Patience)
            {
                throw new ServerStartException(
                    $"The distributor at {other} works on this database, and there may be only one. Stop that one first, or give this one a database of its own: DatabaseUrl in dst/distributor.ini. If that host is gone, its claim ends {Leases.Length.TotalSeconds:0} seconds after its last sign of life; then start this one again.");
            }

            LogWaiting(other);
            await Task.Delay(_look, clock, cancellationToken);
        }
    }

    private async Task Renew(CancellationToken cancellationToken)
    {
        try
        {
            if (!await leases.Keep(Name, cancellationToken))
            {
                LogTaken(await Other(cancellationToken));
            }
        }
        catch (DbException)
        {
            // The database is away, for everybody; whoever writes says so.
            return;
        }
    }

    private async Task<string> Other(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition("SELECT holder FROM lease WHERE name = @Name", new { Name }, cancellationToken: cancellationToken)) ?? "another host";
    }

    [LoggerMessage(5503, LogLevel.Warning, "The distributor at {Other} works on this database; this one waits whether its claim ends", EventName = "dst.store.waiting")]
    private partial void LogWaiting(string other);

    [LoggerMessage(5504, LogLevel.Error, "The distributor at {Other} has taken over this database: this one sends nothing any more. Stop it", EventName = "dst.store.taken")]
    private partial void LogTaken(string other);
}
