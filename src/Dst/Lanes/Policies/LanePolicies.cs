// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Lanes.Policies;

/// <summary>What <c>lanes.ini</c> says: operators by the names of their hosts, and how each is treated.</summary>
internal sealed class LanePolicies
{
    private const string Others = "default";
    private readonly Dictionary<string, string> _operators;
    private readonly Dictionary<string, LanePolicy> _policies;

    private LanePolicies(Dictionary<string, string> operators, Dictionary<string, LanePolicy> policies) => (_operators, _policies) = (operators, policies);

    /// <summary>The file that counts as long as home has none of its own.</summary>
    public static string Shipped { get; } = ReadShipped();

    /// <summary>Reads a file.</summary>
    /// <param name="file">As it stands.</param>
    /// <param name="settings">What counts for all lanes.</param>
    /// <param name="complaints">What is wrong, with file, line and key; empty if all is well.</param>
    public static LanePolicies Of(IniFile file, LaneSettings settings, out IReadOnlyList<Complaint> complaints)
    {
        var source = new SettingsSource(file, "lanes", new Hashtable());
        var names = file.Entries.Select(entry => entry.Key.Split('.')).Where(parts => parts.Length == 2 && parts[0].Length > 0).Select(parts => parts[0]);
        var entries = names.Prepend(Others).Distinct(StringComparer.Ordinal).ToDictionary(name => name, name => source.Bind<LaneEntry>(name + "."), StringComparer.Ordinal);
        var builtIn = new LanePolicy { Connections = settings.Connections, Start = Math.Min(5, settings.Connections), MessagesPerConnection = 100 };
        var otherwise = entries[Others].Over(builtIn);
        var policies = entries.ToDictionary(entry => entry.Key, entry => entry.Key == Others ? otherwise : entry.Value.Over(otherwise), StringComparer.Ordinal);
        var operators = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        List<Complaint> found = [.. source.Complaints()];
        foreach (var (name, entry) in entries)
        {
            found.AddRange(Take(file, name, entry, operators));
        }

        complaints = found;
        return new LanePolicies(operators, policies);
    }

    /// <summary>The same without rates: for a rehearsal, which computes what a rate costs instead of waiting for it.</summary>
    public LanePolicies WithoutRates() =>
        new(_operators, _policies.ToDictionary(policy => policy.Key, policy => policy.Value with { PerSecond = 0 }, StringComparer.Ordinal));

    /// <summary>The lane of a domain whose mail goes to these hosts, the first one first: its operator's, or that of the families of all of them.</summary>
    public string LaneOf(IReadOnlyList<string> hosts) =>
        OperatorOf(hosts[0]) ?? string.Join('+', hosts.Select(HostFamily.Of).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>Whether the file names an operator.</summary>
    public bool Knows(string lane) => lane != Others && _policies.ContainsKey(lane);

    /// <summary>How a lane is treated.</summary>
    public LanePolicy Of(string lane) => _policies.GetValueOrDefault(lane) ?? _policies[Others];

    /// <summary>How the one host is treated that takes all mail: it is the administrator's own, so all connections are open from the start, unless the file names it.</summary>
    /// <param name="host">Its name.</param>
    /// <param name="settings">What counts for all lanes of this distributor.</param>
    /// <param name="nodes">Distributors that share what the file grants.</param>
    public LanePolicy OfOwnHost(string host, LaneSettings settings, int nodes = 1) =>
        OperatorOf(host) is { } name ? _policies[name].ShareOf(nodes) : new LanePolicy { Connections = settings.Connections, Start = settings.Connections };

    private string? OperatorOf(string host)
    {
        // From the whole name to its last label: the longest ending wins.
        for (var rest = host.TrimEnd('.'); ;)
        {
            if (_operators.TryGetValue(rest, out var name))
            {
                return name;
            }

            var dot = rest.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
            {
                return null;
            }

            rest = rest[(dot + 1)..];
        }
    }

    private static IEnumerable<Complaint> Take(IniFile file, string name, LaneEntry entry, Dictionary<string, string> operators)
    {
        var key = $"{name}.{nameof(LaneEntry.Hosts)}";
        if (name == Others)
        {
            if (entry.Hosts is not null)
            {
                yield return new Complaint(file.Name, file.Find(key)?.Line, key, "has no meaning: default is what counts for the hosts that no other entry names.");
            }

            yield break;
        }

        if (entry.Hosts is not { Length: > 0 })
        {
            var first = file.Entries.First(line => line.Key.StartsWith(name + ".", StringComparison.Ordinal));
            yield return new Complaint(file.Name, file.Find(key)?.Line ?? first.Line, key, $"is missing or empty. Say by which endings of host names {name} is known.");
            yield break;
        }

        foreach (var host in entry.Hosts)
        {
            var ending = host.Trim('.');
            if (Uri.CheckHostName(ending) is not (UriHostNameType.Dns or UriHostNameType.IPv4))
            {
                yield return new Complaint(file.Name, file.Find(key)?.Line, key, $"'{host}' is no ending of a host name.");
            }
            else if (!operators.TryAdd(ending, name))
            {
                yield return new Complaint(file.Name, file.Find(key)?.Line, key, $"'{host}' belongs to {operators[ending]} already.");
            }
        }
    }

    private static string ReadShipped()
    {
        using var stream = typeof(LanePolicies).Assembly.GetManifestResourceStream(typeof(LanePolicies), "lanes.ini")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
