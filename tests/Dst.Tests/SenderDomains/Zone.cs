// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tutti.Dst.SenderDomains;

namespace Tutti.Dst.Tests.SenderDomains;

/// <summary>A DNS of lines "name TYPE value"; a name with type FAIL cannot be looked up.</summary>
internal sealed class Zone(string lines) : IDomainRecords
{
    private readonly List<string[]> _lines = [.. lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 3))];

    public Task<DnsAnswer<string>> Texts(string name, CancellationToken cancellationToken) => Task.FromResult(Of(name, "TXT", text => text));

    public Task<DnsAnswer<string>> MailServers(string name, CancellationToken cancellationToken) => Task.FromResult(Of(name, "MX", text => text));

    public Task<DnsAnswer<IPAddress>> Addresses(string name, CancellationToken cancellationToken) => Task.FromResult(Of(name, "A", IPAddress.Parse));

    public Task<DnsAnswer<string>> Names(IPAddress address, CancellationToken cancellationToken) => Task.FromResult(Of(address.ToString(), "PTR", text => text));

    private DnsAnswer<T> Of<T>(string name, string type, Func<string, T> read)
    {
        var found = _lines.Where(line => line[0].Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Any(line => line[1] == "FAIL") ? new([], $"{name} failed.") : new([.. found.Where(line => line[1] == type).Select(line => read(line[2]))]);
    }
}
