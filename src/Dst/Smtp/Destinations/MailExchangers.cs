// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using DnsClient;
using DnsClient.Protocol;

namespace Tutti.Dst.Smtp.Destinations;

/// <summary>Mail servers of domains as the DNS has them (RFC 5321 §5.1), remembered for the time to live of the records.</summary>
internal sealed class MailExchangers(RouteSettings settings, IDnsQuery dns, TimeProvider clock)
{
    private const int MostHosts = 8;
    private const int MostRemembered = 50_000;
    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan _failure = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, Remembered> _remembered = new(StringComparer.Ordinal);

    /// <summary>A client for the DNS server of the settings.</summary>
    public static LookupClient ClientFor(RouteSettings settings)
    {
        var options = settings.Resolver.Length == 0 ? new LookupClientOptions() : new LookupClientOptions(ServerIn(settings.Resolver));
        options.UseCache = false;
        options.Timeout = TimeSpan.FromSeconds(5);
        options.Retries = 1;
        return new LookupClient(options);
    }

    /// <summary>The hosts of a domain: by preference, equal ones shuffled anew each time.</summary>
    public async ValueTask<Route> Find(string domain, CancellationToken cancellationToken)
    {
        if (domain is ['[', .., ']'])
        {
            return LiteralIn(domain);
        }

        var now = clock.GetUtcNow();
        if (!_remembered.TryGetValue(domain, out var found) || found.Until <= now)
        {
            found = await LookUp(domain, now, cancellationToken);
            Remember(domain, found, now);
        }

        return found.Failure ?? Route.To(InOrderOfTrial(found.Hosts));
    }

    private Route LiteralIn(string domain)
    {
        var inside = domain[1..^1];
        return IPAddress.TryParse(inside.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? inside[5..] : inside, out var address)
            ? Route.To(new MailHost(domain, settings.RemotePort, [address]))
            : Route.Refused("5.1.2", $"{domain} is no address.");
    }

    private void Remember(string domain, Remembered found, DateTimeOffset now)
    {
        if (_remembered.Count >= MostRemembered)
        {
            foreach (var (old, value) in _remembered)
            {
                if (value.Until <= now)
                {
                    _remembered.TryRemove(old, out _);
                }
            }
        }

        if (_remembered.Count < MostRemembered)
        {
            _remembered[domain] = found;
        }
    }

    private static List<MailHost> InOrderOfTrial(IReadOnlyList<Candidate> candidates)
    {
        var shuffled = candidates.ToArray();
        RandomNumberGenerator.Shuffle(shuffled.AsSpan());
        return [.. shuffled.OrderBy(candidate => candidate.Preference).Select(candidate => candidate.Host)];
    }

    private async Task<Remembered> LookUp(string domain, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            var response = await dns.QueryAsync(domain, QueryType.MX, QueryClass.IN, cancellationToken);
            if (Complaint(response, domain) is { } complaint)
            {
                return new([], complaint, now + _failure);
            }

            var records = response.Answers.MxRecords().ToList();
            if (records is [{ Preference: 0, Exchange.Value: "." or "" }])
            {
                return new([], Route.Refused("5.1.10", $"{domain} takes no mail (null MX)."), now + Life(records));
            }

            return records.Count > 0
                ? await Addresses(domain, [.. records.OrderBy(record => record.Preference).Take(MostHosts)], now, cancellationToken)
                : await Implicit(domain, now, cancellationToken);
        }
        catch (DnsResponseException failure)
        {
            return new([], Route.Deferred($"The mail servers of {domain} could not be looked up: {failure.Message}"), now + _failure);
        }
    }

    private async Task<Remembered> Addresses(string domain, List<MxRecord> records, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hosts = await Task.WhenAll(records.Select(record => AddressesOf(NameOf(record), cancellationToken)));
        var candidates = records.Zip(hosts)
            .Where(pair => pair.Second.Addresses.Count > 0)
            .Select(pair => new Candidate(pair.First.Preference, new MailHost(NameOf(pair.First), settings.RemotePort, pair.Second.Addresses)))
            .ToList();
        if (candidates.Count > 0)
        {
            var life = hosts.Where(host => host.Addresses.Count > 0).Select(host => host.Life).Append(Life(records)).Min();
            return new(candidates, null, now + life);
        }

        // RFC 5321 §5.1: MX records of which none can be used are an error.
        return new([], hosts.FirstOrDefault(host => host.Deferral is not null)?.Deferral ?? Route.Refused("5.4.4", $"No mail server of {domain} has an address."), now + _failure);
    }

    private async Task<Remembered> Implicit(string domain, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var host = await AddressesOf(domain, cancellationToken);
        return host.Addresses.Count > 0
            ? new([new Candidate(0, new MailHost(domain, settings.RemotePort, host.Addresses))], null, now + host.Life)
            : new([], host.Deferral ?? Route.Refused("5.1.2", $"{domain} has neither a mail server nor an address."), now + _failure);
    }

    private async Task<Host> AddressesOf(string name, CancellationToken cancellationToken)
    {
        try
        {
            // IPv4 first: that is what receivers know senders by. Without IPv6 here the other answers would only cost time.
            var four = await dns.QueryAsync(name, QueryType.A, QueryClass.IN, cancellationToken);
            var six = Socket.OSSupportsIPv6 ? await dns.QueryAsync(name, QueryType.AAAA, QueryClass.IN, cancellationToken) : null;
            var records = four.Answers.ARecords().Concat<AddressRecord>(six?.Answers.AaaaRecords() ?? []).ToList();
            var deferral = records.Count == 0 ? Complaint(four, name) ?? (six is null ? null : Complaint(six, name)) : null;
            return new([.. records.Select(record => record.Address)], deferral?.Failure?.Result == Result.Deferred ? deferral : null, Life(records));
        }
        catch (DnsResponseException failure)
        {
            return new([], Route.Deferred($"The address of {name} could not be looked up: {failure.Message}"), _failure);
        }
    }

    private static Route? Complaint(IDnsQueryResponse response, string name) => response.Header.ResponseCode switch
    {
        DnsHeaderResponseCode.NoError => null,
        DnsHeaderResponseCode.NotExistentDomain => Route.Refused("5.1.2", $"There is no domain {name}."),
        var code => Route.Deferred($"The DNS server answered {code} for {name}."),
    };

    private static string NameOf(MxRecord record) => record.Exchange.Value.TrimEnd('.');

    private static TimeSpan Life(IEnumerable<DnsResourceRecord> records)
    {
        var life = records.Select(record => TimeSpan.FromSeconds(record.InitialTimeToLive)).DefaultIfEmpty(_failure).Min();
        return life < _longest ? life : _longest;
    }

    private static IPEndPoint ServerIn(string resolver)
    {
        var (host, port) = HostAndPort.Read(resolver, 53);
        return new IPEndPoint(IPAddress.Parse(host), port);
    }

    private sealed record Candidate(int Preference, MailHost Host);

    private sealed record Host(IReadOnlyList<IPAddress> Addresses, Route? Deferral, TimeSpan Life);

    private sealed record Remembered(IReadOnlyList<Candidate> Hosts, Route? Failure, DateTimeOffset Until);
}
