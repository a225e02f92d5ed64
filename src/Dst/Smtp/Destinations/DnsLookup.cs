// SPDX-License-Identifier: Apache-2.0
using System.Net;
using DnsClient;
using DnsClient.Protocol;

namespace Tutti.Dst.Smtp.Destinations;

/// <summary>What a question to the DNS came to.</summary>
internal enum DnsOutcome
{
    /// <summary>There are records.</summary>
    Found,

    /// <summary>The name exists and has no such records.</summary>
    Empty,

    /// <summary>There is no such name (NXDOMAIN).</summary>
    NoSuchName,

    /// <summary>No answer, an error, or aliases that lead nowhere: it cannot be known now.</summary>
    Failed,
}

/// <summary>Asks the DNS and follows aliases (CNAME), also where the server leaves that to us.</summary>
internal sealed class DnsLookup(IDnsQuery dns)
{
    private const int MostAliases = 8;
    private const int LongestName = 253;

    /// <summary>The records of a type; never throws for what the server does.</summary>
    public async Task<DnsFinding> Ask(string name, QueryType type, CancellationToken cancellationToken)
    {
        if (name.Length > LongestName)
        {
            return DnsFinding.None(DnsOutcome.NoSuchName, name, isSecure: false);
        }

        var trail = new AliasTrail(name);
        var isSecure = true;
        try
        {
            while (true)
            {
                var asked = trail.Name;
                var response = await dns.QueryAsync(asked, type, QueryClass.IN, cancellationToken);
                isSecure &= response.Header.IsAuthenticData;
                if (response.Header.ResponseCode is not (DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain) and var code)
                {
                    return DnsFinding.Failed(name, $"The DNS server answered {code} for {asked}.");
                }

                if (!trail.Follow(response.Answers, MostAliases))
                {
                    return DnsFinding.Failed(name, $"The aliases of {name} lead in a circle or too far.");
                }

                var records = response.Answers.Where(record => (int)record.RecordType == (int)type && trail.IsAt(record.DomainName.Value)).ToList();
                if (records.Count > 0)
                {
                    return new(DnsOutcome.Found, trail.Name, records, isSecure, "");
                }

                if (response.Header.ResponseCode == DnsHeaderResponseCode.NotExistentDomain)
                {
                    return DnsFinding.None(DnsOutcome.NoSuchName, trail.Name, isSecure);
                }

                if (trail.IsAt(asked))
                {
                    return DnsFinding.None(DnsOutcome.Empty, trail.Name, isSecure);
                }
            }
        }
        catch (DnsResponseException failure)
        {
            return DnsFinding.Failed(name, $"{trail.Name} could not be looked up: {failure.Message}");
        }
    }

    /// <summary>From a name over its aliases to the name that has the records.</summary>
    private sealed class AliasTrail(string name)
    {
        private readonly HashSet<string> _passed = new(StringComparer.OrdinalIgnoreCase) { name.TrimEnd('.') };

        public string Name { get; private set; } = name.TrimEnd('.');

        public bool IsAt(string other) => string.Equals(other.TrimEnd('.'), Name, StringComparison.OrdinalIgnoreCase);

        /// <returns>False if they lead in a circle, or over too many names.</returns>
        public bool Follow(IReadOnlyList<DnsResourceRecord> answers, int atMost)
        {
            while (answers.CnameRecords().FirstOrDefault(alias => IsAt(alias.DomainName.Value)) is { } alias)
            {
                Name = alias.CanonicalName.Value.TrimEnd('.');
                if (!_passed.Add(Name) || _passed.Count > atMost + 1)
                {
                    return false;
                }
            }

            return true;
        }
    }
}

/// <summary>What the DNS says.</summary>
/// <param name="Outcome">Whether there is something.</param>
/// <param name="Name">The name that has the records, behind all aliases.</param>
/// <param name="Records">Some only if they were found.</param>
/// <param name="IsSecure">Whether the resolver calls all of it validated (the AD bit); worth nothing unless it is trusted.</param>
/// <param name="Words">Why it failed.</param>
internal sealed record DnsFinding(DnsOutcome Outcome, string Name, IReadOnlyList<DnsResourceRecord> Records, bool IsSecure, string Words)
{
    private static readonly TimeSpan _withoutRecords = TimeSpan.FromMinutes(5);

    /// <summary>How long it may be remembered.</summary>
    public TimeSpan Life => Records.Select(record => TimeSpan.FromSeconds(record.InitialTimeToLive)).DefaultIfEmpty(_withoutRecords).Min();

    /// <summary>The addresses among the records.</summary>
    public IReadOnlyList<IPAddress> Addresses => [.. Records.OfType<AddressRecord>().Select(record => record.Address)];

    /// <summary>The texts among the records, each with its strings joined.</summary>
    public IEnumerable<string> Texts => Records.OfType<TxtRecord>().Select(record => string.Concat(record.Text));

    /// <summary>There are no records.</summary>
    public static DnsFinding None(DnsOutcome outcome, string name, bool isSecure) => new(outcome, name, [], isSecure, "");

    /// <summary>It cannot be known now.</summary>
    public static DnsFinding Failed(string name, string words) => new(DnsOutcome.Failed, name, [], false, words);
}
