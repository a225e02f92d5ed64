// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Tutti.Dst.Inbound;
using Tutti.Dst.Journal;

namespace Tutti.Dst.Rehearsals;

/// <summary>
/// One played receiver: puts off, refuses and cuts off as it was told, measures what it takes, and keeps nothing. Who is unknown or
/// greylisted follows from the address, so that every rehearsal plays the same.
/// </summary>
internal sealed class PlayedMailbox(PlayedReceiver receiver, RehearsalClock clock, Measures measures, JournalWorker journal) : Mailbox
{
    // Beyond that nobody more is put off at the same time: memory must not grow with the job.
    private const int MostGreylisted = 200_000;

    private readonly ConcurrentDictionary<ulong, long> _greylisted = new();
    private int _connections;
    private int _sinceStorm;
    private int _sinceDrop;
    private long _stormUntil;

    private bool IsStorm => Volatile.Read(ref _stormUntil) > clock.Now;

    /// <inheritdoc/>
    public override async ValueTask<string?> Greet(CancellationToken cancellationToken)
    {
        var connections = Interlocked.Increment(ref _connections);
        measures.Saw();
        if (receiver.Banner > TimeSpan.Zero)
        {
            await Task.Delay(receiver.Banner, clock, cancellationToken);
        }

        return receiver.Connections > 0 && connections > receiver.Connections
            ? "421 4.7.0 Too many connections from your address (played)."
            : IsStorm ? "421 4.7.28 Unusual rate of mail from your address, try again later (played)." : null;
    }

    /// <inheritdoc/>
    public override void Left() => Interlocked.Decrement(ref _connections);

    /// <inheritdoc/>
    public override bool CutsOff()
    {
        measures.Saw();
        return receiver.DropEvery > 0 && Interlocked.Increment(ref _sinceDrop) % receiver.DropEvery == 0;
    }

    /// <inheritdoc/>
    public override string AnswerTo(string recipient)
    {
        measures.Saw();
        if (IsStorm)
        {
            return "421 4.7.28 Unusual rate of mail from your address, try again later (played).";
        }

        var address = ChanceOf(recipient);
        if (Falls(address, receiver.Unknown))
        {
            return "550 5.1.1 There is no such mailbox (played).";
        }

        // Other bits than those that decide who is unknown.
        return receiver.Greylist > 0 && Falls(address >> 20, receiver.Greylist) && IsPutOff(address)
            ? "451 4.7.1 Greylisted, come back in a while (played)."
            : "250 2.1.5 Ok";
    }

    /// <inheritdoc/>
    public override ValueTask<string?> Keep(ReceivedMail mail, CancellationToken cancellationToken)
    {
        measures.Add(mail, journal);
        if (receiver.StormEvery > 0 && Interlocked.Increment(ref _sinceStorm) % receiver.StormEvery == 0)
        {
            Volatile.Write(ref _stormUntil, clock.Now + (long)receiver.StormFor.TotalMilliseconds);
        }

        return ValueTask.FromResult<string?>("250 2.0.0 Taken (played)");
    }

    /// <summary>FNV-1a, mixed once more so that all bits depend on all letters.</summary>
    private static ulong ChanceOf(string recipient)
    {
        var hash = 14695981039346656037;
        foreach (var letter in recipient)
        {
            hash = (hash ^ letter) * 1099511628211;
        }

        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccd;
        return hash ^ (hash >> 33);
    }

    private static bool Falls(ulong chance, double percent) => chance % 100_000 < percent * 1000;

    private bool IsPutOff(ulong address)
    {
        var now = clock.Now;
        if (_greylisted.TryGetValue(address, out var until))
        {
            if (until > now)
            {
                return true;
            }

            _greylisted.TryRemove(address, out _);
            return false;
        }

        return _greylisted.Count < MostGreylisted && _greylisted.TryAdd(address, now + (long)receiver.GreylistFor.TotalMilliseconds);
    }
}
