// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Tutti.Dst.Returns.Mailboxes;

/// <summary>Takes returned mail out of a Maildir. A file moves from <c>new</c> to <c>cur</c> when its message is on our disk.</summary>
internal sealed partial class FetchMaildirWorker(MailboxSettings settings, FetchedReturns returns, TimeProvider clock, ILogger<FetchMaildirWorker> logger) : BackgroundService
{
    private readonly string _new = Path.Combine(settings.ReturnMaildir, "new");
    private readonly string _cur = Path.Combine(settings.ReturnMaildir, "cur");

    /// <summary>Takes what is there now.</summary>
    /// <returns>How many messages were not known yet.</returns>
    public async Task<int> Fetch(CancellationToken cancellationToken)
    {
        var count = 0;

        // Delivery puts the whole message there by one rename; names begin with the time, so that the oldest comes first.
        foreach (var file in Directory.EnumerateFiles(_new).Order(StringComparer.Ordinal).ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            count += await returns.Keep(await Read(file, cancellationToken)) ? 1 : 0;

            // Killed before this, the file is read again, and its message is known then.
            File.Move(file, Path.Combine(_cur, Path.GetFileName(file) + ":2,S"), overwrite: true);
        }

        return count;
    }

    /// <summary>Removes what was read long ago.</summary>
    public void DropOld()
    {
        foreach (var file in Directory.EnumerateFiles(_cur).Where(file => File.GetLastWriteTimeUtc(file) < returns.KeptSince.UtcDateTime))
        {
            File.Delete(file);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (settings.ReturnMaildir.Length > 0)
        {
            try
            {
                if (await Fetch(stoppingToken) is > 0 and var count)
                {
                    LogFetched(count);
                }

                DropOld();
                returns.Trouble = null;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or DbException)
            {
                returns.Trouble = $"Bounces cannot be fetched from the Maildir {settings.ReturnMaildir}: {failure.Message}";
                LogFailed(failure);
            }

            await Task.Delay(settings.ReturnEvery, clock, stoppingToken);
        }
    }

    private async Task<byte[]> Read(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        var bytes = new byte[Math.Min(stream.Length, returns.MostBytes)];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    [LoggerMessage(5710, LogLevel.Information, "{Count} returned messages were taken from the Maildir", EventName = "dst.returns.maildir-fetched")]
    private partial void LogFetched(int count);

    [LoggerMessage(5711, LogLevel.Error, "Returned mail could not be taken from the Maildir; it is tried again", EventName = "dst.returns.maildir-failed")]
    private partial void LogFailed(Exception failure);
}
