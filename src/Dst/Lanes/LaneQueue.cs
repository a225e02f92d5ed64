// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Journal;
using Tutti.Dst.Queue;
using Tutti.Dst.Suppression;
using Tutti.Mail.Addresses;

namespace Tutti.Dst.Lanes;

/// <summary>
/// The head of one destination's queue in memory. It is filled a page at a time, from one delivery after the other, and looks at
/// direction, expiry and suppression again at the moment a recipient is taken.
/// </summary>
internal sealed class LaneQueue(
    string lane, RecipientStore store, SuppressionStore suppression, Courses courses, JournalWorker journal, QueueSettings settings, TimeProvider clock, StoreGroup group,
    Func<string, bool> canShare) : IDisposable
{
    private const int PageSize = 500;

    // So many are in doubt together if the answer to their message is lost.
    private const int MostTogether = 500;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly LinkedList<QueuedRecipient> _page = new();
    private readonly HashSet<(long Job, long Id)> _held = [];
    private readonly ServedDeliveries _served = new();
    private long _version = -1;
    private long _emptyUntil;
    private int _nextDelivery;

    /// <summary>How many can be taken at once.</summary>
    public int Ready
    {
        get
        {
            lock (_gate)
            {
                return _page.Count;
            }
        }
    }

    /// <summary>Whether nobody is in memory and nothing is on its way to the disk: another queue may be made for this destination.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _held.Count == 0;
            }
        }
    }

    /// <summary>When something is due again, Unix milliseconds; <see cref="long.MaxValue"/> if nothing waits.</summary>
    public long EmptyUntil
    {
        get
        {
            lock (_gate)
            {
                return Math.Min(Volatile.Read(ref _emptyUntil), _served.Soonest);
            }
        }
    }

    /// <summary>These deliveries have recipients waiting, maybe here.</summary>
    public void Serve(IReadOnlyList<PendingDelivery> deliveries)
    {
        lock (_gate)
        {
            if (_served.Tell(deliveries))
            {
                // Whoever waits in a new one may have been announced before it was known here, and looked for in vain.
                LookAgain();
            }
        }
    }

    /// <summary>Something may have come in: look again, though nothing was there before.</summary>
    public void LookAgain() => Volatile.Write(ref _emptyUntil, 0);

    /// <summary>A recipient of a delivery was deferred until then.</summary>
    public void DueAgain(long job, long at)
    {
        lock (_gate)
        {
            _served.PutOff(job, at);
        }
    }

    /// <summary>A recipient that was deferred until then is on disk, and no longer in memory.</summary>
    public void Release(Place place, long dueAt)
    {
        lock (_gate)
        {
            // Once more: it was in vain to look for it before, should its time have come already.
            _served.PutOff(place.Job, dueAt);
            _held.Remove((place.Job, place.Id));
        }
    }

    /// <summary>The next recipient, or null if none is due.</summary>
    public async ValueTask<QueuedRecipient?> Take(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (suppression.Version == Volatile.Read(ref _version) && TakeFromPage() is { } recipient)
            {
                return recipient;
            }

            await _turn.WaitAsync(cancellationToken);
            try
            {
                if (!await Refresh(cancellationToken))
                {
                    return null;
                }
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    /// <summary>The next recipient in memory, or null; never looks at the disk.</summary>
    public QueuedRecipient? TakeReady() => suppression.Version == Volatile.Read(ref _version) ? TakeFromPage() : null;

    /// <summary>Puts a recipient back that was taken and not tried.</summary>
    public void GiveBack(QueuedRecipient recipient)
    {
        lock (_gate)
        {
            // Who else its message was for is looked for again: somebody may have been suppressed meanwhile.
            foreach (var other in recipient.Others.Reverse())
            {
                _page.AddFirst(other);
            }

            recipient.Others = [];
            _page.AddFirst(recipient);
        }
    }

    /// <summary>Leaves everybody to the disk who is not being tried.</summary>
    public void PutDown()
    {
        lock (_gate)
        {
            LetGo([.. _page]);
            _page.Clear();
        }

        LookAgain();
    }

    /// <summary>A recipient is no longer in memory; what is waiting in the database may be taken again.</summary>
    public void Release(Place place)
    {
        lock (_gate)
        {
            _held.Remove((place.Job, place.Id));
        }
    }

    /// <summary>Leaves a recipient that was taken to the disk.</summary>
    public void LetGo(QueuedRecipient recipient)
    {
        lock (_gate)
        {
            LetGo([recipient, .. recipient.Others]);
            recipient.Others = [];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        PutDown();
        _turn.Dispose();
    }

    private void LetGo(List<QueuedRecipient> recipients)
    {
        foreach (var recipient in recipients)
        {
            _held.Remove((recipient.Place.Job, recipient.Place.Id));
        }

        if (recipients is [{ Place.Node: not 0 }, ..])
        {
            journal.Post(new Released([.. recipients.Select(recipient => recipient.Place)]));
        }
    }

    private QueuedRecipient? TakeFromPage()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        QueuedRecipient? taken = null;
        lock (_gate)
        {
            List<QueuedRecipient> passedOver = [];
            while (taken is null && _page.First is { Value: var first })
            {
                _page.RemoveFirst();
                if (MayGo(first, now))
                {
                    taken = first;
                }
                else
                {
                    passedOver.Add(first);
                }
            }

            // They stay in the queue on disk, for another direction or for the sweep.
            LetGo(passedOver);
            if (taken is { GoesTogether: true })
            {
                taken.Others = TakeOthers(taken, now);
            }
        }

        return taken;
    }

    /// <summary>Who is in memory and can share the message of somebody who was taken.</summary>
    private List<QueuedRecipient> TakeOthers(QueuedRecipient taken, long now)
    {
        var others = new List<QueuedRecipient>();
        for (var node = _page.First; node is not null && others.Count < MostTogether - 1;)
        {
            var next = node.Next;
            if (node.Value is { GoesTogether: true } other && other.Place.Job == taken.Place.Job && MayGo(other, now))
            {
                _page.Remove(node);
                others.Add(other);
            }

            node = next;
        }

        return others;
    }

    private bool MayGo(QueuedRecipient recipient, long now) =>
        courses.Of(recipient.Place.Job) == Course.Run && recipient.DueAt + (long)settings.Expiry.TotalMilliseconds > now;

    /// <returns>False if there is nothing to take.</returns>
    private async Task<bool> Refresh(CancellationToken cancellationToken)
    {
        var version = suppression.Version;
        if (Ready > 0)
        {
            if (version != _version)
            {
                List<QueuedRecipient> all;
                lock (_gate)
                {
                    all = [.. _page];
                    _page.Clear();
                }

                await Add(all, version, cancellationToken);
            }

            return true;
        }

        Volatile.Write(ref _version, version);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (now < EmptyUntil)
        {
            return false;
        }

        // Set before anything is read, so that a call of LookAgain in the meantime is not lost.
        Volatile.Write(ref _emptyUntil, now + 1);
        IReadOnlyList<PendingDelivery> deliveries;
        lock (_gate)
        {
            _served.Forget(now);
            deliveries = _served.All;
        }

        var nextDue = long.MaxValue;
        for (var tried = 0; tried < deliveries.Count; tried++)
        {
            var delivery = deliveries[_nextDelivery++ % deliveries.Count];
            if (courses.Of(delivery.Job) != Course.Run)
            {
                continue;
            }

            if (await Fill(delivery, now, version, cancellationToken))
            {
                Volatile.Write(ref _emptyUntil, 0);
                return true;
            }

            nextDue = Math.Min(nextDue, await store.NextDue(delivery.Job, lane, cancellationToken) ?? long.MaxValue);
        }

        Interlocked.CompareExchange(ref _emptyUntil, nextDue, now + 1);
        return false;
    }

    private async Task<bool> Fill(PendingDelivery delivery, long now, long version, CancellationToken cancellationToken)
    {
        var page = group.Number is not 0 and var node
            ? await Claim(node, delivery.Job, now, cancellationToken)
            : await store.Due(delivery.Job, lane, now, PageSize, Held(), cancellationToken);
        lock (_gate)
        {
            foreach (var recipient in page)
            {
                recipient.DueAt = delivery.DueAt;
                recipient.GoesTogether = delivery.Together && canShare(recipient.Address);
                _held.Add((recipient.Place.Job, recipient.Place.Id));
            }
        }

        try
        {
            await Add(page, version, cancellationToken);
        }
        catch
        {
            lock (_gate)
            {
                LetGo(page);
            }

            throw;
        }

        return page.Count > 0;
    }

    private async Task<List<QueuedRecipient>> Claim(int node, long job, long now, CancellationToken cancellationToken)
    {
        try
        {
            return await store.Claim(node, job, lane, now, PageSize, cancellationToken);
        }
        catch
        {
            journal.Post(new ClaimLost(node, job, lane, () => [.. Held().Where(held => held.Job == job).Select(held => held.Id)]));
            throw;
        }
    }

    // A copy from before the page is read: who is released while it is read would otherwise be taken twice.
    private HashSet<(long Job, long Id)> Held()
    {
        lock (_gate)
        {
            return [.. _held];
        }
    }

    private async Task Add(List<QueuedRecipient> recipients, long version, CancellationToken cancellationToken)
    {
        if (recipients.Count == 0)
        {
            return;
        }

        var suppressed = await suppression.Among(recipients.ConvertAll(Key), cancellationToken);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_gate)
        {
            foreach (var recipient in recipients)
            {
                if (suppressed.Count > 0 && suppressed.TryGetValue(Key(recipient), out var reason))
                {
                    journal.Post(new Settled(recipient.Place, Standing.Suppressed, recipient.Place.Attempts, reason, "", now, Release));
                }
                else
                {
                    _page.AddLast(recipient);
                }
            }
        }

        Volatile.Write(ref _version, version);
    }

    private static string Key(QueuedRecipient recipient)
    {
        Span<char> key = stackalloc char[EmailAddress.MaxLength];
        return EmailAddress.Normalize(recipient.Address, key, out var length) == AddressProblem.None ? new string(key[..length]) : recipient.Address;
    }
}
