// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Signing;
using Tutti.Mail.Dkim;

namespace Tutti.Dst.SenderDomains;

/// <summary>
/// Looks at a sender domain as a receiver does: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 9989), the names of the sending
/// addresses, and whether answers and bounces find their way back.
/// </summary>
/// <param name="dns">Where records are looked up.</param>
/// <param name="keys">The distributor's keys for a domain.</param>
/// <param name="senders">What receivers see mail come from.</param>
internal sealed class CheckDomain(IDomainRecords dns, Func<string, IReadOnlyList<StoredDkimKey>> keys, SendingAddresses senders)
{
    /// <summary>Checks a domain.</summary>
    /// <param name="domain">Domain of the From address, ASCII form.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<Finding>> Handle(string domain, CancellationToken cancellationToken)
    {
        domain = domain.ToLowerInvariant();
        var parts = await Task.WhenAll(
            CheckSpf(senders.ReturnDomain.Length > 0 ? senders.ReturnDomain : domain, cancellationToken),
            CheckDkim(domain, cancellationToken),
            CheckDmarc(domain, cancellationToken),
            CheckNames(cancellationToken),
            CheckMailServers(domain, cancellationToken),
            senders.ReturnDomain.Length > 0 ? CheckMailServers(senders.ReturnDomain, cancellationToken) : Task.FromResult<IReadOnlyList<Finding>>([]));
        return [.. parts.SelectMany(part => part)];
    }

    /// <summary>Compares the records of keys with the DNS.</summary>
    public async Task<IReadOnlyList<Finding>> CheckDkim(string domain, CancellationToken cancellationToken)
    {
        var known = keys(domain);
        if (!known.Any(key => key.State == DkimKeyState.Signing))
        {
            return [new("DKIM", FindingLevel.Error, $"This distributor has no key that signs for {domain}. Make one and publish its record: tutti dkim create --domain {domain}")];
        }

        var findings = new List<Finding>();
        foreach (var key in known)
        {
            findings.Add(await Published(key, cancellationToken));
        }

        return findings;
    }

    /// <summary>The same for one key; null if there is none of that name.</summary>
    public async Task<Finding?> CheckKey(string domain, string selector, CancellationToken cancellationToken) =>
        keys(domain).FirstOrDefault(key => key.Selector == selector) is { } key ? await Published(key, cancellationToken) : null;

    private async Task<Finding> Published(StoredDkimKey key, CancellationToken cancellationToken)
    {
        var (name, bad) = ($"{key.Selector}._domainkey.{key.Domain}", key.State == DkimKeyState.Signing ? FindingLevel.Error : FindingLevel.Warning);
        if (key.Record is null)
        {
            return new("DKIM", bad, $"The key {key.Selector} cannot be used: {key.Problem}");
        }

        var answer = await dns.Texts(name, cancellationToken);
        if (answer.Failure is not null)
        {
            return new("DKIM", FindingLevel.Unknown, answer.Failure);
        }

        return (answer.Records, key.State) switch
        {
            ([], DkimKeyState.Retired) => new("DKIM", FindingLevel.Good, $"{name} is published no more, and its key signs no more. Delete the key: tutti dkim remove --domain {key.Domain} --selector {key.Selector}"),
            ([], DkimKeyState.Waiting) => new("DKIM", bad, $"{name} is not published yet; its key waits. Publish its record: {key.Record.ToZoneLine()}"),
            ([], _) => new("DKIM", bad, $"{name} is not published, so receivers cannot check the signatures. Publish: {key.Record.ToZoneLine()}"),
            ({ Count: > 1 }, _) => new("DKIM", bad, $"{name} has {answer.Records.Count} TXT records; only one may be there."),
            ([var text], _) when DkimRecord.PublicKeyIn(text) != DkimRecord.PublicKeyIn(key.Record.Text) => new("DKIM", bad, $"{name} is published with another key, so signatures fail. Publish: {key.Record.ToZoneLine()}"),
            (_, DkimKeyState.Waiting) => new("DKIM", FindingLevel.Good, $"{name} is published. Let its key sign: tutti dkim use --domain {key.Domain} --selector {key.Selector}"),
            (_, DkimKeyState.Retired) => new("DKIM", FindingLevel.Good, $"{name} is still published; its key signs no more. Take the record away a week after it was retired."),
            _ => new("DKIM", FindingLevel.Good, $"{name} is published and fits the key that signs."),
        };
    }

    private async Task<IReadOnlyList<Finding>> CheckSpf(string domain, CancellationToken cancellationToken)
    {
        var spf = new Spf(dns);
        var whole = await spf.Judge(domain, address: null, cancellationToken);
        switch (whole.Result)
        {
            case SpfResult.None:
                return [new("SPF", FindingLevel.Error, $"{domain} has no SPF record. Publish a TXT record that names who sends its mail, such as: v=spf1 {senders.AsSpf()} ~all")];
            case SpfResult.PermError when spf.Lookups <= Spf.MostLookups || senders.All.Count == 0:
                return [new("SPF", FindingLevel.Error, whole.Why)];
            case SpfResult.TempError:
                return [new("SPF", FindingLevel.Unknown, whole.Why)];
        }

        // Terms that a receiver does not come to do no harm to this address.
        List<Finding> findings = whole.Result == SpfResult.PermError ? [new("SPF", FindingLevel.Warning, $"The SPF record of {domain}: {whole.Why}")] : [];
        if (senders.All.Count == 0)
        {
            return [new("SPF", FindingLevel.Unknown, $"{domain} has an SPF record with {spf.Lookups} lookups. {senders.WhyUnknown}")];
        }

        foreach (var sender in senders.All)
        {
            var verdict = await spf.Judge(domain, sender.Address, cancellationToken);
            findings.Add(verdict.Result switch
            {
                SpfResult.Pass => new("SPF", FindingLevel.Good, $"The SPF record of {domain} lets {sender.Address} send."),
                SpfResult.TempError or SpfResult.Undecided => new("SPF", FindingLevel.Unknown, verdict.Why),
                SpfResult.PermError => new("SPF", FindingLevel.Error, verdict.Why),
                _ => new("SPF", FindingLevel.Error, $"The SPF record of {domain} does not let {sender.Address} send. Add to it, before its \"all\": {sender.AsSpf}"),
            });
        }

        return findings;
    }

    private async Task<IReadOnlyList<Finding>> CheckDmarc(string domain, CancellationToken cancellationToken)
    {
        foreach (var place in DmarcRecord.Places(domain))
        {
            var answer = await dns.Texts($"_dmarc.{place}", cancellationToken);
            if (answer.Failure is not null)
            {
                return [new("DMARC", FindingLevel.Unknown, answer.Failure)];
            }

            var records = answer.Records.Select(text => DmarcRecord.Read(text, place, domain)).OfType<DmarcRecord>().ToList();
            if (records.Count > 1)
            {
                return [new("DMARC", FindingLevel.Error, $"_dmarc.{place} has {records.Count} DMARC records; receivers then count none.")];
            }

            if (records is [var record])
            {
                return [Judge(record, domain)];
            }
        }

        return [new("DMARC", FindingLevel.Error, $"{domain} has no DMARC record, which large receivers ask of who sends much. Publish at _dmarc.{domain}: v=DMARC1; p=none; rua=mailto:postmaster@{domain}")];
    }

    private Finding Judge(DmarcRecord record, string domain)
    {
        var where = record.Domain == domain ? "" : $" (of {record.Domain})";
        var policy = $"The DMARC policy{where} is \"{record.Policy}\"";
        if (!record.HasReports)
        {
            return new("DMARC", FindingLevel.Warning, $"{policy}, and nobody gets the reports of receivers. Add to it: rua=mailto:postmaster@{record.Domain}");
        }

        return senders.ReturnDomain.Length == 0 || DmarcRecord.Aligns(senders.ReturnDomain, domain, record.IsStrictSpf)
            ? new("DMARC", FindingLevel.Good, $"{policy}; the signatures and the envelope sender align with it.")
            : new("DMARC", FindingLevel.Warning, $"{policy}; signatures by {domain} align with it, but the return domain {senders.ReturnDomain} does not. A return domain below {domain} lets SPF count, too.");
    }

    /// <summary>Receivers want the name of an address to lead back to it (RFC 1912 section 2.1).</summary>
    private async Task<IReadOnlyList<Finding>> CheckNames(CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var sender in senders.All)
        {
            findings.Add(await CheckName(sender, cancellationToken));
        }

        return findings.Count > 0 ? findings : [new("PTR", FindingLevel.Unknown, senders.WhyUnknown)];
    }

    private async Task<Finding> CheckName(SendingAddress sender, CancellationToken cancellationToken)
    {
        var (address, helo) = sender;
        var names = await dns.Names(address, cancellationToken);
        if (names.Failure is not null)
        {
            return new("PTR", FindingLevel.Unknown, names.Failure);
        }

        if (names.Records.Count == 0)
        {
            return new("PTR", FindingLevel.Error, $"{address} has no name. Have its provider set a PTR record to {helo}.");
        }

        foreach (var name in names.Records)
        {
            var back = await dns.Addresses(name, cancellationToken);
            if (back.Failure is not null)
            {
                return new("PTR", FindingLevel.Unknown, back.Failure);
            }

            if (back.Records.Contains(address))
            {
                return name.Equals(helo, StringComparison.OrdinalIgnoreCase)
                    ? new("PTR", FindingLevel.Good, $"{address} is called {name}, and {name} leads back to it.")
                    : new("PTR", FindingLevel.Warning, $"{address} is called {name}, but this distributor introduces itself as {helo}. Give both the same name.");
            }
        }

        return new("PTR", FindingLevel.Error, $"{address} is called {names.Records[0]}, which does not lead back to it. Publish an address record: {names.Records[0]} {address}");
    }

    private async Task<IReadOnlyList<Finding>> CheckMailServers(string domain, CancellationToken cancellationToken)
    {
        var servers = await dns.MailServers(domain, cancellationToken);
        if (servers.Failure is not null)
        {
            return [new("MX", FindingLevel.Unknown, servers.Failure)];
        }

        if (servers.Records is ["."])
        {
            return [new("MX", FindingLevel.Error, $"{domain} says that it takes no mail (null MX). Receivers turn mail away whose sender cannot be answered.")];
        }

        if (servers.Records.Count > 0)
        {
            return [new("MX", FindingLevel.Good, $"Answers to {domain} go to {servers.Records[0]}.")];
        }

        var addresses = await dns.Addresses(domain, cancellationToken);
        if (addresses is { Records: [], Failure: { } failure })
        {
            return [new("MX", FindingLevel.Unknown, failure)];
        }

        return addresses.Records.Count > 0
            ? [new("MX", FindingLevel.Warning, $"{domain} has no MX record; answers go to its own address, {addresses.Records[0]}. Publish an MX record.")]
            : [new("MX", FindingLevel.Error, $"{domain} has neither an MX record nor an address, so nobody can answer. Receivers turn such mail away.")];
    }
}
