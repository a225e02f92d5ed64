// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Tutti.Dst.SenderDomains;

/// <summary>What SPF says (RFC 7208 section 2.6).</summary>
internal enum SpfResult
{
    None,
    Neutral,
    Pass,
    Fail,
    SoftFail,
    TempError,
    PermError,

    /// <summary>Only a receiver can tell: the record asks for things of the single message (macros, section 7).</summary>
    Undecided,
}

/// <summary>How a domain's SPF record judges an address.</summary>
/// <param name="Result">The result.</param>
/// <param name="Why">For errors and what is undecided, the reason.</param>
internal sealed record SpfVerdict(SpfResult Result, string Why);

/// <summary>Judges an address by the SPF records of a domain as a receiver does (RFC 7208 section 4), without macros.</summary>
internal sealed class Spf(IDomainRecords dns)
{
    /// <summary>So many lookups a receiver makes; more is an error (section 4.6.4).</summary>
    public const int MostLookups = 10;

    private const int MostVoid = 2;
    private const int MostMailServers = 10;

    private int _lookups;
    private int _void;

    /// <summary>How many lookups the last call needed. Without an address: all that the record can cause.</summary>
    public int Lookups => _lookups;

    /// <summary>Judges an address.</summary>
    /// <param name="domain">Domain of the envelope sender.</param>
    /// <param name="address">Who sends; null follows all terms and matches none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SpfVerdict> Judge(string domain, IPAddress? address, CancellationToken cancellationToken)
    {
        (_lookups, _void) = (0, 0);
        return await Check(domain, address, [], cancellationToken);
    }

    private async Task<SpfVerdict> Check(string domain, IPAddress? address, IReadOnlyList<string> above, CancellationToken cancellationToken)
    {
        if (above.Contains(domain, StringComparer.OrdinalIgnoreCase))
        {
            return new(SpfResult.PermError, $"{domain} refers to itself.");
        }

        var texts = await dns.Texts(domain, cancellationToken);
        if (texts.Failure is not null)
        {
            return new(SpfResult.TempError, texts.Failure);
        }

        var records = texts.Records.Where(SpfTerm.IsRecord).ToList();
        if (records.Count != 1)
        {
            return records.Count == 0 ? new(SpfResult.None, $"{domain} has no SPF record.") : new(SpfResult.PermError, $"{domain} has {records.Count} SPF records; only one may be there.");
        }

        var terms = SpfTerm.Read(records[0], out var bad);
        return bad is null ? await Walk(domain, terms, address, [.. above, domain], cancellationToken) : new(SpfResult.PermError, $"The SPF record of {domain} has a term that cannot be: {bad}");
    }

    private async Task<SpfVerdict> Walk(string domain, IReadOnlyList<SpfTerm> terms, IPAddress? address, IReadOnlyList<string> above, CancellationToken cancellationToken)
    {
        foreach (var term in terms.Where(term => term.Kind is not (SpfKind.Redirect or SpfKind.Ignored)))
        {
            if (Count(term) is { } tooMany)
            {
                return tooMany;
            }

            if (term.Kind == SpfKind.All)
            {
                if (address is not null)
                {
                    return new(term.Result, "");
                }

                continue;
            }

            if (await Match(domain, term, address, above, cancellationToken) is { } verdict)
            {
                return verdict;
            }
        }

        // "all" makes a redirect void (section 6.1).
        if (terms.FirstOrDefault(term => term.Kind == SpfKind.Redirect) is { } redirect && terms.All(term => term.Kind != SpfKind.All))
        {
            if (Count(redirect) is { } tooMany)
            {
                return tooMany;
            }

            var elsewhere = HasMacro(redirect) ? Undecided(redirect) : await Check(redirect.Value, address, above, cancellationToken);
            return elsewhere.Result == SpfResult.None ? elsewhere with { Result = SpfResult.PermError } : elsewhere;
        }

        return new(SpfResult.Neutral, "");
    }

    /// <summary>The verdict if this term decides, null if the next one is to be looked at.</summary>
    private async Task<SpfVerdict?> Match(string domain, SpfTerm term, IPAddress? address, IReadOnlyList<string> above, CancellationToken cancellationToken)
    {
        if (HasMacro(term) || term.Kind == SpfKind.Ptr)
        {
            return address is null ? null : Undecided(term);
        }

        var name = term.Value.Length > 0 ? term.Value : domain;
        switch (term.Kind)
        {
            case SpfKind.Include:
                var inner = await Check(name, address, above, cancellationToken);
                return inner.Result switch
                {
                    SpfResult.Pass => new(term.Result, ""),
                    SpfResult.None => inner with { Result = SpfResult.PermError },
                    SpfResult.TempError or SpfResult.PermError or SpfResult.Undecided => inner,
                    _ => null,
                };
            case SpfKind.A or SpfKind.Exists:
                var own = await Addresses(name, cancellationToken);
                return own.Failed ?? (address is not null && (term.Kind == SpfKind.Exists ? own.Found.Count > 0 : own.Found.Any(one => term.Covers(one, address))) ? new(term.Result, "") : null);
            case SpfKind.Mx:
                return await MatchMailServers(name, term, address, cancellationToken);
            default:
                return address is not null && term.Covers(IPAddress.Parse(term.Value), address) ? new(term.Result, "") : null;
        }
    }

    private async Task<SpfVerdict?> MatchMailServers(string name, SpfTerm term, IPAddress? address, CancellationToken cancellationToken)
    {
        var servers = await dns.MailServers(name, cancellationToken);
        if (servers.Failure is not null)
        {
            return new(SpfResult.TempError, servers.Failure);
        }

        if (servers.Records.Count > MostMailServers)
        {
            return new(SpfResult.PermError, $"{name} has more than {MostMailServers} mail servers.");
        }

        foreach (var server in servers.Records)
        {
            var (found, failed) = await Addresses(server, cancellationToken);
            if (failed is not null)
            {
                return failed;
            }

            if (address is not null && found.Any(one => term.Covers(one, address)))
            {
                return new(term.Result, "");
            }
        }

        return null;
    }

    private async Task<(IReadOnlyList<IPAddress> Found, SpfVerdict? Failed)> Addresses(string name, CancellationToken cancellationToken)
    {
        var answer = await dns.Addresses(name, cancellationToken);
        if (answer.Failure is not null)
        {
            return ([], new(SpfResult.TempError, answer.Failure));
        }

        return answer.Records.Count == 0 && ++_void > MostVoid
            ? ([], new(SpfResult.PermError, $"More than {MostVoid} of its lookups find nothing, the last one {name}."))
            : (answer.Records, null);
    }

    private SpfVerdict? Count(SpfTerm term) =>
        term.IsLookup && ++_lookups > MostLookups ? new(SpfResult.PermError, $"It causes more than {MostLookups} lookups; receivers stop there.") : null;

    private static bool HasMacro(SpfTerm term) => term.Value.Contains('%', StringComparison.Ordinal);

    private static SpfVerdict Undecided(SpfTerm term) => new(SpfResult.Undecided, $"Only a receiver can tell what {term.Value} means for a message.");
}
