// SPDX-License-Identifier: Apache-2.0
using System.Net;
using DnsClient;
using DnsClient.Protocol;

namespace Tutti.Dst.SenderDomains;

/// <summary>What the DNS says of a name.</summary>
/// <param name="Records">Empty if there are none.</param>
/// <param name="Failure">Why it could not be found out; null if it was.</param>
internal sealed record DnsAnswer<T>(IReadOnlyList<T> Records, string? Failure = null);

/// <summary>The DNS as far as sender domains need it.</summary>
internal interface IDomainRecords
{
    /// <summary>TXT records, the strings of each joined.</summary>
    Task<DnsAnswer<string>> Texts(string name, CancellationToken cancellationToken);

    /// <summary>Mail servers by preference; "." is the null MX (RFC 7505).</summary>
    Task<DnsAnswer<string>> MailServers(string name, CancellationToken cancellationToken);

    /// <summary>IPv4 and IPv6 addresses.</summary>
    Task<DnsAnswer<IPAddress>> Addresses(string name, CancellationToken cancellationToken);

    /// <summary>Names of an address.</summary>
    Task<DnsAnswer<string>> Names(IPAddress address, CancellationToken cancellationToken);
}

/// <summary>Asks the DNS server of the settings; nothing is remembered, because who asks has just changed something.</summary>
internal sealed class DomainRecords(IDnsQuery dns) : IDomainRecords
{
    public Task<DnsAnswer<string>> Texts(string name, CancellationToken cancellationToken) =>
        Ask(name, QueryType.TXT, answers => answers.TxtRecords().Select(record => string.Concat(record.Text)), cancellationToken);

    public Task<DnsAnswer<string>> MailServers(string name, CancellationToken cancellationToken) =>
        Ask(name, QueryType.MX, answers => answers.MxRecords().OrderBy(record => record.Preference).Select(record => NameOf(record.Exchange)), cancellationToken);

    public async Task<DnsAnswer<IPAddress>> Addresses(string name, CancellationToken cancellationToken)
    {
        var four = await Ask(name, QueryType.A, answers => answers.ARecords().Select(record => record.Address), cancellationToken);
        var six = await Ask(name, QueryType.AAAA, answers => answers.AaaaRecords().Select(record => record.Address), cancellationToken);
        return new([.. four.Records, .. six.Records], four.Failure ?? six.Failure);
    }

    public async Task<DnsAnswer<string>> Names(IPAddress address, CancellationToken cancellationToken) =>
        await Read(() => dns.QueryReverseAsync(address, cancellationToken), address.ToString(), answers => answers.PtrRecords().Select(record => NameOf(record.PtrDomainName)));

    private Task<DnsAnswer<T>> Ask<T>(string name, QueryType type, Func<IReadOnlyList<DnsResourceRecord>, IEnumerable<T>> read, CancellationToken cancellationToken) =>
        Read(() => dns.QueryAsync(name, type, QueryClass.IN, cancellationToken), name, read);

    private static async Task<DnsAnswer<T>> Read<T>(Func<Task<IDnsQueryResponse>> ask, string name, Func<IReadOnlyList<DnsResourceRecord>, IEnumerable<T>> read)
    {
        try
        {
            var response = await ask();
            return response.Header.ResponseCode switch
            {
                DnsHeaderResponseCode.NoError => new([.. read(response.Answers)]),
                DnsHeaderResponseCode.NotExistentDomain => new([]),
                var code => new([], $"The DNS server answered {code} for {name}."),
            };
        }
        catch (DnsResponseException failure)
        {
            return new([], $"{name} could not be looked up: {failure.Message}");
        }
    }

    private static string NameOf(DnsString name) => name.Value is "." ? "." : name.Value.TrimEnd('.');
}
