// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients.AddressIndex;

/// <summary>Looks every few seconds for large sets whose addresses are not indexed yet.</summary>
internal sealed partial class AddressIndexWorker(IndexAddresses index, TimeProvider clock, ILogger<AddressIndexWorker> logger) : BackgroundService
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_look, clock);
        try
        {
            do
            {
                try
                {
                    await index.Handle(stoppingToken);
                }
                catch (Exception exception) when (DatabaseAbsence.Is(exception))
                {
                    LogAway(exception.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The component stops; the index is completed after the next start.
        }
    }

    [LoggerMessage(4107, LogLevel.Warning, "The address index waits for the database: {Reason}", EventName = "lui.address-index.database")]
    private partial void LogAway(string reason);
}
