// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients.AddressIndex;

/// <summary>Completes the address index of large sets, in short transactions so that nobody waits for it. What was cut off goes on where it was.</summary>
internal sealed partial class IndexAddresses(AddressIndexStore store, Leases leases, TimeProvider clock, ILogger<IndexAddresses> logger)
{
    private const string Lease = "address index";
    private const int Read = 250_000;
    private const int Written = 10_000;

    public async Task Handle(CancellationToken cancellationToken)
    {
        foreach (var set in await store.Unindexed(cancellationToken))
        {
            if (!await Index(set, cancellationToken))
            {
                return;
            }
        }

        await leases.Release(Lease, cancellationToken);
    }

    /// <summary>False if another node is at it. A set that is discarded meanwhile needs no index.</summary>
    private async Task<bool> Index(UnindexedSet set, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        for (var after = set.UpTo; after < set.Last;)
        {
            var keys = await store.Keys(set.RecipientsId, after, Math.Min(after + Read, set.Last), cancellationToken);
            if (keys.Length == 0)
            {
                // Its recipients are in an archive, or on their way out of one.
                return true;
            }

            var last = keys.Max(entry => entry.Id);
            for (var from = 0; from < keys.Length; from += Written)
            {
                if (!await leases.Keep(Lease, cancellationToken))
                {
                    return false;
                }

                var some = new ArraySegment<(long, long)>(keys, from, Math.Min(Written, keys.Length - from));
                var isComplete = from + Written >= keys.Length;
                if (!await store.Add(set.RecipientsId, some, isComplete ? last : null, cancellationToken))
                {
                    return true;
                }
            }

            after = last;
        }

        LogDone(set.RecipientsId, set.Last, (long)clock.GetElapsedTime(began).TotalMilliseconds);
        return true;
    }

    [LoggerMessage(4106, LogLevel.Information, "The addresses of set {Set} are indexed up to recipient {Last}, in {Milliseconds} ms", EventName = "lui.address-index.done")]
    private partial void LogDone(long set, long last, long milliseconds);
}
