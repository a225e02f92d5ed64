// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Journal;

namespace Tutti.Dst.Returns;

/// <summary>Reads what the return domain has taken, one after the other; what it finds goes into the feed in the commit that marks the message as read.</summary>
internal sealed partial class ReadReturnsWorker(
    ReturnStore store, ReturnKeys keys, ReturnReading reading, ReturnSettings settings, ReturnSignal signal, JournalWorker journal, TimeProvider clock,
    ILogger<ReadReturnsWorker> logger, ReturnFigures? figures = null) : BackgroundService
{
    private const int DroppedAtOnce = 100;
    private static readonly TimeSpan _every = TimeSpan.FromMinutes(1);

    /// <summary>Reads all that is unread.</summary>
    /// <returns>How many.</returns>
    public async Task<int> ReadAll(CancellationToken cancellationToken)
    {
        await keys.Refresh(cancellationToken);
        var (count, after) = (0, 0L);
        while (await store.Next(after, cancellationToken) is { } mail)
        {
            var finding = Read(mail);
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            if (await journal.Write(session => ReturnStore.Settle(session, mail.Number, finding, now)))
            {
                figures?.Count(finding);
                LogRead(mail.Number, finding?.What.ToString() ?? "nothing", finding?.Class.ToString() ?? "none");
            }

            (count, after) = (count + 1, mail.Number);
        }

        return count;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReadAll(stoppingToken);
                await DropOld(stoppingToken);
            }
            catch (DbException failure)
            {
                LogFailed(failure);
            }

            await signal.Wait(_every, clock, stoppingToken);
        }
    }

    private async Task DropOld(CancellationToken cancellationToken)
    {
        var before = (clock.GetUtcNow() - settings.ReturnKeep).ToUnixTimeMilliseconds();
        while (!cancellationToken.IsCancellationRequested && await journal.Write(session => ReturnStore.DropOld(session, before, DroppedAtOnce)) == DroppedAtOnce)
        {
            // The journal serves others between two calls.
        }
    }

    private ReturnFinding? Read(UnreadReturn mail)
    {
        try
        {
            return reading.Read(mail);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Strangers write these messages: one that breaks a parser must not stop those behind it.
            LogUnreadable(failure, mail.Number);
            return null;
        }
    }

    [LoggerMessage(5701, LogLevel.Information, "Returned message {Number} was read: {What}, {Class}", EventName = "dst.returns.read")]
    private partial void LogRead(long number, string what, string @class);

    [LoggerMessage(5702, LogLevel.Warning, "Returned message {Number} cannot be read; it says nothing", EventName = "dst.returns.unreadable")]
    private partial void LogUnreadable(Exception failure, long number);

    [LoggerMessage(5703, LogLevel.Warning, "Returned messages could not be read; it is tried again", EventName = "dst.returns.failed")]
    private partial void LogFailed(Exception failure);
}
