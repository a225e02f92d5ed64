// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Hosting;
using Tutti.Dst.Journal;

namespace Tutti.Dst.SourceAddresses;

/// <summary>
/// Sees to it that an address that is warming up carries no more than its plan says for the day. A few messages at a time are written as used and then given out;
/// what a kill takes away of them is sent another day, never too much on this one.
/// </summary>
internal sealed class Shares(JournalWorker journal, TimeProvider clock) : IHostedService, IDisposable
{
    private const int KeptDays = 90;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<ShareKey, Share> _shares = [];
    private DateOnly _day;

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <summary>The end of the day, UTC.</summary>
    public DateTimeOffset Midnight => new(Today.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>Whether an address has a limit today.</summary>
    public bool Limits(Source? source) => source?.WarmUp?.IsOver(Today) == false;

    /// <summary>Whether an address may carry one more message to an operator today.</summary>
    public ValueTask<bool> Has(Source source, string lane) => Limits(source) ? Look(source, lane, count: 0) : ValueTask.FromResult(true);

    /// <summary>Takes one message out of the share of an address.</summary>
    /// <returns>False if there is none left today.</returns>
    public ValueTask<bool> Take(Source? source, string lane) => Limits(source) ? Look(source!, lane, count: 1) : ValueTask.FromResult(true);

    /// <summary>A message that was taken did not leave.</summary>
    public async ValueTask GiveBack(Source? source, string lane)
    {
        if (Limits(source))
        {
            await Look(source!, lane, count: -1);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Puts back what was not used.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Nobody holds it for long, and a stop that is in a hurry is no reason to lose count.
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            await PutBack();
        }
        catch (System.Data.Common.DbException)
        {
            // Less is sent today than might be; nothing else is lost.
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async ValueTask<bool> Look(Source source, string lane, int count)
    {
        await _gate.WaitAsync();
        try
        {
            var today = Today;
            if (today != _day)
            {
                await journal.Write(session => SourceDayStore.DropBefore(session, today.AddDays(-KeptDays)));
                _shares.Clear();
                _day = today;
            }

            var address = source.Address.ToString();
            var all = Find(new ShareKey(address, today, ""), source.WarmUp!.ShareOn(today));
            var own = Find(new ShareKey(address, today, lane), source.WarmUp!.ShareOn(today, lane));
            if (count >= 0 && (!await Fill(own) || !await Fill(all)))
            {
                return false;
            }

            all.Use(count);
            own.Use(count);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    private Share Find(ShareKey key, long? limit)
    {
        if (!_shares.TryGetValue(key, out var share))
        {
            _shares[key] = share = new Share(key);
        }

        share.Limit = limit;
        return share;
    }

    /// <returns>Whether there is one more.</returns>
    private async ValueTask<bool> Fill(Share share)
    {
        if (share.Limit is not { } limit || (share.Left > 0 && limit > 0))
        {
            return true;
        }

        if (share.Used < limit)
        {
            // A hundredth at a time: a small share is counted one by one, a large one costs few commits.
            (var taken, share.Used) = await journal.Write(session => SourceDayStore.Take(session, share.Key, Math.Max(1, limit / 100), limit));
            share.Left += taken;
        }

        return share.Left > 0;
    }

    private async Task PutBack()
    {
        foreach (var share in _shares.Values.Where(share => share is { Limit: not null, Left: > 0 }))
        {
            var left = share.Left;
            await journal.Write(session => SourceDayStore.Move(session, share.Key, -left));
            (share.Left, share.Used) = (0, share.Used - left);
        }
    }

    private sealed class Share(ShareKey key)
    {
        public ShareKey Key { get; } = key;

        /// <summary>Messages of the day; null for no limit.</summary>
        public long? Limit { get; set; }

        /// <summary>Written as used, what is left included.</summary>
        public long Used { get; set; }

        /// <summary>Taken here and not given out yet.</summary>
        public long Left { get; set; }

        /// <summary>Gives some out; does not count where there is no limit.</summary>
        public void Use(int count) => Left -= Limit is null ? 0 : count;
    }
}
