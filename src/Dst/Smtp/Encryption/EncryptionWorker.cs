// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Journal;
using Tutti.Dst.Smtp.Destinations;

namespace Tutti.Dst.Smtp.Encryption;

/// <summary>Writes counted sessions once a minute, fetches policies again that are a day old, and drops what is too old.</summary>
internal sealed partial class EncryptionWorker(
    TlsLedger ledger, StsPolicies policies, StsPolicyStore store, RouteSettings routes, JournalWorker journal, TimeProvider clock, ILogger<EncryptionWorker> logger)
    : BackgroundService
{
    private const int DaysKept = 40;
    private const int RefreshedAtOnce = 1000;
    private static readonly TimeSpan _every = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryWrite();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(_every, clock, stoppingToken);
            await TryWrite();
            try
            {
                await Refresh(stoppingToken);
            }
            catch (DbException failure)
            {
                LogFailed(failure);
            }
        }
    }

    private async Task TryWrite()
    {
        var counts = ledger.Take();
        try
        {
            if (counts.Count > 0)
            {
                var oldest = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-DaysKept);
                await journal.Write(session => TlsLedgerStore.Add(session, counts) && TlsLedgerStore.DropBefore(session, oldest));
            }
        }
        catch (DbException failure)
        {
            ledger.GiveBack(counts);
            LogFailed(failure);
        }
    }

    private async Task Refresh(CancellationToken stoppingToken)
    {
        if (!routes.MtaSts || routes.Mode != DeliveryMode.Mx)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var old = await store.FetchedBefore((now - StsPolicies.Fresh).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds(), RefreshedAtOnce, stoppingToken);
        foreach (var domain in old)
        {
            await policies.Find(domain, stoppingToken);
        }

        if (now is { Hour: 3, Minute: 0 })
        {
            await journal.Write(session => StsPolicyStore.DropEnded(session, now.ToUnixTimeMilliseconds()));
        }
    }

    [LoggerMessage(5542, LogLevel.Warning, "Counts of encrypted sessions could not be written, or policies not be read; it is tried again", EventName = "dst.encryption.failed")]
    private partial void LogFailed(Exception failure);
}
