// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using DnsClient;
using DnsClient.Protocol;

namespace Tutti.Dst.Smtp.Destinations;

/// <summary>Mail servers of domains as the DNS has them (RFC 5321 §5.1), remembered for the time to live of the records.</summary>
internal sealed class MailExchangers
{
    private const int MostHosts = 8;
    private const int MostRemembered = 50_000;
    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan _failure = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, Remembered> _remembered = new(StringComparer.Ordinal);
    private readonly RouteSettings _settings;
    private readonly DnsLookup _dns;
    private readonly HostDemands _demands;
    private readonly TimeProvider _clock;

    /// <summary>Makes one that knows nothing yet.</summary>
    public MailExchangers(RouteSettings settings, IDnsQuery dns, TimeProvider clock)
    {
        (_settings, _clock, _dns) = (settings, clock, new DnsLookup(dns));
        _demands = new HostDemands(settings, _dns);
    }

    /// <summary>A client for the DNS server of the settings.</summary>
    public static LookupClient ClientFor(RouteSettings settings)
    {
        var options = settings.Resolver.Length == 0 ? new LookupClientOptions() : new LookupClientOptions(ServerIn(settings.Resolver));
        options.UseCache = false;

        // A validating resolver says only to those who ask for DNSSEC what it has validated.
        options.RequestDnsSecRecords = settings.ResolverValidates;
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

        var now = _clock.GetUtcNow();
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
            ? Route.To(new MailHost(domain, _settings.RemotePort, [address]))
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
        var found = await _dns.Ask(domain, QueryType.MX, cancellationToken);
        if (found.Outcome is DnsOutcome.Failed or DnsOutcome.NoSuchName)
        {
            return new([], Complaint(found, domain), now + _failure);
        }

        var records = found.Records.OfType<MxRecord>().ToList();
        if (records is [{ Preference: 0, Exchange.Value: "." or "" }])
        {
            return new([], Route.Refused("5.1.10", $"{domain} takes no mail (null MX)."), now + Shortened(found.Life));
        }

        // RFC 5321 §5.1: a domain without mail servers is its own.
        return records.Count > 0
            ? await Explicit(domain, found, [.. records.OrderBy(record => record.Preference).Take(MostHosts)], now, cancellationToken)
            : await Implicit(domain, now, cancellationToken);
    }

    private async Task<Remembered> Explicit(string domain, DnsFinding found, List<MxRecord> records, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hosts = await Task.WhenAll(records.Select(record => HostOf(domain, NameOf(record), found.IsSecure, cancellationToken)));
        var candidates = records.Zip(hosts)
            .Where(pair => pair.Second.Found is not null)
            .Select(pair => new Candidate(pair.First.Preference, pair.Second.Found!))
            .ToList();
        if (candidates.Count > 0)
        {
            var life = hosts.Where(host => host.Found is not null).Select(host => host.Life).Append(Shortened(found.Life)).Min();
            return new(candidates, null, now + life);
        }

        // RFC 5321 §5.1: MX records of which none can be used are an error.
        return new([], hosts.FirstOrDefault(host => host.Deferral is not null)?.Deferral ?? Route.Refused("5.4.4", $"No mail server of {domain} has an address."), now + _failure);
    }

    private async Task<Remembered> Implicit(string domain, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var host = await HostOf(domain, domain, isSecure: true, cancellationToken);
        return host.Found is not null
            ? new([new Candidate(0, host.Found)], null, now + host.Life)
            : new([], host.Deferral ?? Route.Refused("5.1.2", $"{domain} has neither a mail server nor an address."), now + _failure);
    }

    private async Task<Host> HostOf(string domain, string name, bool isSecure, CancellationToken cancellationToken)
    {
        // Without IPv6 here its answers would only cost time.
        var both = _settings.UseIpv6 && Socket.OSSupportsIPv6;
        var asking = both ? _dns.Ask(name, QueryType.AAAA, cancellationToken) : Task.FromResult(DnsFinding.None(DnsOutcome.Empty, name, isSecure: true));
        var four = await _dns.Ask(name, QueryType.A, cancellationToken);
        var six = await asking;
        var addresses = AddressRace.InOrder(six.Addresses, four.Addresses);
        if (addresses.Count == 0)
        {
            return new(null, Array.Find([four, six], finding => finding.Outcome == DnsOutcome.Failed) is { } failed ? Complaint(failed, name) : null, _failure);
        }

        DnsFinding[] used = [.. new[] { four, six }.Where(finding => finding.Records.Count > 0)];
        var life = used.Min(finding => finding.Life);
        var host = new MailHost(name, _settings.RemotePort, addresses);
        if (!_settings.ResolverValidates || !isSecure || !used.All(finding => finding.IsSecure))
        {
            return new(host, null, Shortened(life));
        }

        var (demand, demandLife) = await _demands.Find(domain, [used[0].Name, name], cancellationToken);
        return new(host with { Tls = demand }, null, Shortened(life < demandLife ? life : demandLife));
    }

    private static Route Complaint(DnsFinding finding, string name) => finding.Outcome == DnsOutcome.NoSuchName
        ? Route.Refused("5.1.2", $"There is no domain {name}.")
        : Route.Deferred(finding.Words);

    private static string NameOf(MxRecord record) => record.Exchange.Value.TrimEnd('.');

    private static TimeSpan Shortened(TimeSpan life) => life < _longest ? life : _longest;

    private static IPEndPoint ServerIn(string resolver)
    {
        var (host, port) = HostAndPort.Read(resolver, 53);
        return new IPEndPoint(IPAddress.Parse(host), port);
    }

    private sealed record Candidate(int Preference, MailHost Host);

    private sealed record Host(MailHost? Found, Route? Deferral, TimeSpan Life);

    private sealed record Remembered(IReadOnlyList<Candidate> Hosts, Route? Failure, DateTimeOffset Until);
}
