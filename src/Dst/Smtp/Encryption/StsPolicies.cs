// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Data.Common;
using DnsClient;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Journal;
using Tutti.Dst.Smtp.Destinations;

namespace Tutti.Dst.Smtp.Encryption;

/// <summary>
/// The policies of the recipients' domains (RFC 8461). A policy that was fetched counts as long as it says, whatever has become of record and server since;
/// it is fetched anew when its id changes, and once a day.
/// </summary>
internal sealed partial class StsPolicies(
    RouteSettings settings, IDnsQuery dns, StsFetcher fetcher, StsPolicyStore store, JournalWorker journal, TlsLedger ledger, TimeProvider clock, ILogger<StsPolicies> logger)
{
    private const int MostKnown = 50_000;
    private static readonly TimeSpan _shortest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);

    private readonly DnsLookup _dns = new(dns);
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<Known>>> _looking = new(StringComparer.Ordinal);

    /// <summary>How old a policy may get before it is fetched again.</summary>
    public static TimeSpan Fresh { get; } = TimeSpan.FromDays(1);

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The policy that counts for a domain now; null if there is none.</summary>
    /// <param name="domain">In lower case.</param>
    /// <param name="cancellationToken">Ends the wait; what is being looked up goes on for others.</param>
    public ValueTask<StsPolicy?> Find(string domain, CancellationToken cancellationToken)
    {
        if (!settings.MtaSts || domain is ['[', ..])
        {
            return ValueTask.FromResult<StsPolicy?>(null);
        }

        var now = Now;
        return _known.TryGetValue(domain, out var known) && known.LookAgainAt > now
            ? ValueTask.FromResult(known.At(now))
            : new(Look(domain, cancellationToken));
    }

    private async Task<StsPolicy?> Look(string domain, CancellationToken cancellationToken)
    {
        var looking = _looking.GetOrAdd(domain, static (name, policies) => new Lazy<Task<Known>>(() => policies.Refresh(name)), this);
        return (await looking.Value.WaitAsync(cancellationToken)).At(Now);
    }

    private async Task<Known> Refresh(string domain)
    {
        try
        {
            _known.TryGetValue(domain, out var before);
            var kept = before?.Kept ?? await store.Find(domain, CancellationToken.None);
            var known = await LookUp(domain, kept, before?.Failures ?? 0);
            Remember(domain, known);
            return known;
        }
        catch (DbException failure)
        {
            LogStoreFailed(failure);
            throw;
        }
        finally
        {
            _looking.TryRemove(domain, out _);
        }
    }

    private async Task<Known> LookUp(string domain, KeptPolicy? kept, int failures)
    {
        var found = await _dns.Ask($"_mta-sts.{domain}", QueryType.TXT, CancellationToken.None);
        var now = Now;
        if (found.Outcome == DnsOutcome.Failed)
        {
            return new(kept, failures, now + (long)_shortest.TotalMilliseconds);
        }

        var life = found.Life < _shortest ? _shortest : found.Life > _longest ? _longest : found.Life;
        var id = StsRecord.IdIn(found.Texts);
        if (id is null || (id == kept?.Id && kept.EndsAt > now && kept.FetchedAt > now - (long)Fresh.TotalMilliseconds))
        {
            return new(kept, 0, now + (long)life.TotalMilliseconds);
        }

        var fetched = await fetcher.Fetch(domain, CancellationToken.None);
        now = Now;
        if (fetched.Body is { } body && StsPolicy.TryRead(body, out var policy, out _))
        {
            var fresh = new KeptPolicy(domain, id, body, now, now + (long)policy.MaxAge.TotalMilliseconds);
            await journal.Write(session => StsPolicyStore.Put(session, fresh));
            return new(fresh, 0, now + (long)life.TotalMilliseconds);
        }

        LogFetchFailed(domain, fetched.Words);
        ledger.Count(new TlsDemand(TlsLevel.May, TlsPolicyKind.Sts, domain), "", fetched.Failure);
        return new(kept, failures + 1, now + (long)Math.Min(_longest.TotalMilliseconds, _shortest.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 10))));
    }

    private void Remember(string domain, Known known)
    {
        if (_known.Count >= MostKnown)
        {
            var now = Now;
            foreach (var (old, value) in _known)
            {
                if (value.LookAgainAt <= now)
                {
                    _known.TryRemove(old, out _);
                }
            }
        }

        if (_known.Count < MostKnown)
        {
            _known[domain] = known;
        }
    }

    [LoggerMessage(5540, LogLevel.Information, "The MTA-STS policy of {Domain} could not be fetched: {Reason}", EventName = "dst.sts.fetch-failed")]
    private partial void LogFetchFailed(string domain, string reason);

    [LoggerMessage(5541, LogLevel.Error, "The kept MTA-STS policies cannot be read or written", EventName = "dst.sts.store-failed")]
    private partial void LogStoreFailed(Exception failure);

    /// <summary>What is known of a domain.</summary>
    /// <param name="Kept">Its policy, perhaps ended.</param>
    /// <param name="Failures">Fetches in a row that failed.</param>
    /// <param name="LookAgainAt">Unix milliseconds.</param>
    private sealed record Known(KeptPolicy? Kept, int Failures, long LookAgainAt)
    {
        public StsPolicy? At(long now) => Kept is not null && Kept.EndsAt > now ? Kept.Policy : null;
    }
}
