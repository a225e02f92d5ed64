// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Rehearsals;

/// <summary>The receivers of a rehearsal: those of <c>rehearsal.ini</c> in the distributor's folder, or the shipped ones.</summary>
internal sealed class PlayedReceivers
{
    /// <summary>The name of the entry for all that have none of their own.</summary>
    public const string Others = "default";

    /// <summary>The name of the entry for the host that takes all mail.</summary>
    public const string Smarthost = "smarthost";

    private readonly Dictionary<string, IReadOnlyList<string>> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlayedReceiver> _receivers;

    private PlayedReceivers(Dictionary<string, PlayedReceiver> receivers) => _receivers = receivers;

    /// <summary>The file's name.</summary>
    public static string FileName => "rehearsal.ini";

    /// <summary>The file that counts as long as home has none of its own.</summary>
    public static string Shipped { get; } = ReadShipped();

    /// <summary>All entries by name, <see cref="Others"/> among them.</summary>
    public IReadOnlyDictionary<string, PlayedReceiver> All => _receivers;

    /// <summary>Reads the file of a folder, or the shipped one where there is none.</summary>
    /// <param name="folder">The distributor's folder.</param>
    /// <param name="complaints">What is wrong, with file, line and key; empty if all is well.</param>
    public static PlayedReceivers Read(string folder, out IReadOnlyList<Complaint> complaints)
    {
        var path = Path.Combine(folder, FileName);
        return Of(File.Exists(path) ? IniFile.Read(path) : IniFile.Parse(FileName, Shipped), out complaints);
    }

    /// <summary>Reads a file.</summary>
    public static PlayedReceivers Of(IniFile file, out IReadOnlyList<Complaint> complaints)
    {
        var source = new SettingsSource(file, "rehearsal", new Hashtable());
        var names = file.Entries.Select(entry => entry.Key.Split('.')).Where(parts => parts.Length == 2 && parts[0].Length > 0).Select(parts => parts[0]);
        var entries = names.Prepend(Others).Distinct(StringComparer.Ordinal).ToDictionary(name => name, name => source.Bind<PlayedEntry>(name + "."), StringComparer.Ordinal);
        var otherwise = entries[Others].Over(new PlayedReceiver());
        var read = new PlayedReceivers(entries.ToDictionary(
            entry => entry.Key, entry => entry.Key == Others ? otherwise : entry.Value.Over(otherwise), StringComparer.Ordinal));
        List<Complaint> found = [.. source.Complaints()];
        foreach (var (name, entry) in entries)
        {
            found.AddRange(read.Take(file, name, entry));
        }

        complaints = found;
        return read;
    }

    /// <summary>The same operators for the same domains, and each takes everything.</summary>
    public PlayedReceivers TakingAll()
    {
        var all = new PlayedReceivers(_receivers.Keys.ToDictionary(name => name, _ => new PlayedReceiver(), StringComparer.Ordinal));
        foreach (var (domain, hosts) in _hosts)
        {
            all._hosts.Add(domain, hosts);
        }

        return all;
    }

    /// <summary>The entry that counts for an operator.</summary>
    public string EntryOf(string lane) => _receivers.ContainsKey(lane) ? lane : Others;

    /// <summary>The hosts that are played for a domain; null if the file does not name it.</summary>
    public IReadOnlyList<string>? HostsOf(string domain) => _hosts.GetValueOrDefault(domain);

    private IEnumerable<Complaint> Take(IniFile file, string name, PlayedEntry entry)
    {
        foreach (var domain in entry.Domains ?? [])
        {
            var key = $"{name}.{nameof(PlayedEntry.Domains)}";
            if (entry.Hosts is not { Length: > 0 } hosts)
            {
                yield return new Complaint(file.Name, file.Find(key)?.Line, key, $"needs {name}.{nameof(PlayedEntry.Hosts)}: the hosts that take the mail of these domains.");
                yield break;
            }

            if (!_hosts.TryAdd(domain.ToLowerInvariant(), hosts))
            {
                yield return new Complaint(file.Name, file.Find(key)?.Line, key, $"'{domain}' stands in another entry already.");
            }
        }
    }

    private static string ReadShipped()
    {
        using var stream = typeof(PlayedReceivers).Assembly.GetManifestResourceStream(typeof(PlayedReceivers), "rehearsal.ini")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
