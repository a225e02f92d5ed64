// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.SourceAddresses;

/// <summary>What <c>sources.ini</c> says: addresses, the pools they belong to, whose mail uses which pool, and plans for new addresses.</summary>
internal sealed partial class SourcePools
{
    /// <summary>The pool of all mail that no other pool takes.</summary>
    public const string Others = "";

    private readonly Dictionary<string, IReadOnlyList<Source>> _pools = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _poolOfSender = new(StringComparer.OrdinalIgnoreCase);

    private SourcePools()
    {
    }

    /// <summary>The pools by their names, that of all others first; never empty.</summary>
    public IEnumerable<string> Names => _pools.Keys;

    /// <summary>Whether there is more than one pool.</summary>
    public bool AreSeveral => _pools.Count > 1;

    /// <summary>The name that the file gives to the pool of all others; empty if there is no file.</summary>
    public string NameOfOthers { get; private set; } = "";

    /// <summary>All addresses.</summary>
    public IReadOnlyList<Source> All { get; private set; } = [];

    /// <summary>One pool with these addresses; none: the operating system chooses.</summary>
    public static SourcePools Of(IEnumerable<string> sources)
    {
        IReadOnlyList<Source> all = [.. sources.Select(text => Source.TryRead(text, out var source) ? source : null).OfType<Source>()];
        return new SourcePools { All = all, _pools = { [Others] = all } };
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">As it stands.</param>
    /// <param name="complaints">What is wrong, with file, line and key; empty if all is well.</param>
    public static SourcePools Of(IniFile file, out IReadOnlyList<Complaint> complaints)
    {
        var found = new List<Complaint>(file.Complaints);
        var reading = new Reading(file, found);
        var pools = reading.Pools();
        complaints = found;
        return pools;
    }

    /// <summary>The addresses of a pool; of all others where the pool is gone.</summary>
    public IReadOnlyList<Source> In(string pool) => _pools.GetValueOrDefault(pool) ?? _pools[Others];

    /// <summary>The pool that a sender's mail leaves from: by its address, or by the longest ending of its domains that the file names.</summary>
    public string PoolOf(string envelopeSender, string signingDomain) =>
        _poolOfSender.GetValueOrDefault(envelopeSender) ?? OfDomain(signingDomain) ?? OfDomain(envelopeSender[(envelopeSender.LastIndexOf('@') + 1)..]) ?? Others;

    /// <summary>Whose mail uses a pool, as the file has it.</summary>
    public IEnumerable<string> SendersOf(string pool) => _poolOfSender.Where(sender => sender.Value == pool).Select(sender => sender.Key);

    private string? OfDomain(string domain)
    {
        for (var rest = domain.TrimEnd('.'); rest.Length > 0;)
        {
            if (_poolOfSender.TryGetValue(rest, out var pool))
            {
                return pool;
            }

            var dot = rest.IndexOf('.', StringComparison.Ordinal);
            rest = dot < 0 ? "" : rest[(dot + 1)..];
        }

        return null;
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,40}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    /// <summary>One reading of a file. Order of lines does not matter, so each kind of line is read when what it names is known.</summary>
    private sealed class Reading(IniFile file, List<Complaint> complaints)
    {
        private readonly SourcePools _read = new();
        private readonly Dictionary<string, WarmUpPlan> _plans = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Source> _sources = new(StringComparer.Ordinal);

        public SourcePools Pools()
        {
            Each("Plan", ReadPlan);
            Each("Source", ReadSource);
            Each("WarmUp", ReadWarmUp);
            Each("Pool", ReadPool);
            Each("Senders", ReadSenders);
            foreach (var entry in file.Entries.Where(entry => entry.Key.Split('.')[0] is not ("Plan" or "Source" or "WarmUp" or "Pool" or "Senders")))
            {
                Complain(entry, "is unknown. Lines begin with Source, Pool, Senders, WarmUp or Plan, a dot and a name.");
            }

            _read.All = [.. _sources.Values];
            if (_read._pools.Count == 0 && _read._poolOfSender.Count == 0)
            {
                // Addresses and no word of pools: they are one.
                _read._pools[Others] = _read.All;
                return _read;
            }

            foreach (var (name, _) in _sources.Where(source => !_read._pools.Values.Any(pool => pool.Contains(source.Value))))
            {
                Complain(file.Find("Source." + name)!, $"{name} is in no pool. Add it to one: Pool.NAME={name}.");
            }

            NameOthers();
            return _read;
        }

        /// <summary>The pool of all others goes by no name inside, so that lanes are called as they are without any file.</summary>
        private void NameOthers()
        {
            if (!_read._pools.Remove(_read.NameOfOthers, out var others))
            {
                complaints.Add(new Complaint(file.Name, null, null, "has no pool for the mail of all other senders. Add Senders.NAME=* for one of the pools."));
                return;
            }

            var named = _read._pools.ToList();
            _read._pools.Clear();
            _read._pools[Others] = others;
            named.ForEach(pool => _read._pools[pool.Key] = pool.Value);
            foreach (var sender in _read.SendersOf(_read.NameOfOthers).ToList())
            {
                _read._poolOfSender[sender] = Others;
            }
        }

        private void Each(string kind, Action<IniEntry, string[], string[]> read)
        {
            foreach (var entry in file.Entries.Where(entry => entry.Key.StartsWith(kind + ".", StringComparison.Ordinal)))
            {
                var names = entry.Key.Split('.', kind == "Plan" ? 3 : int.MaxValue)[1..];
                if (names.Length > (kind == "Plan" ? 2 : 1) || !Name().IsMatch(names[0]))
                {
                    Complain(entry, "is no name: letters, digits, - and _ make one.");
                }
                else if (file.Find(entry.Key) == entry)
                {
                    read(entry, names, entry.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
                }
            }
        }

        private void ReadPlan(IniEntry entry, string[] names, string[] values)
        {
            var days = values.Select(value => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : -1).ToList();
            if (days.Count == 0 || days.Contains(-1))
            {
                Complain(entry, "wants the messages of the first day, the second and so on: 50, 100, 200.");
                return;
            }

            var plan = _plans.GetValueOrDefault(names[0]) ?? new WarmUpPlan(names[0]);
            _plans[names[0]] = names.Length == 1
                ? plan with { PerDay = days }
                : plan with { PerOperator = new Dictionary<string, IReadOnlyList<long>>(plan.PerOperator, StringComparer.Ordinal) { [names[1]] = days } };
        }

        private void ReadSource(IniEntry entry, string[] names, string[] values)
        {
            if (values.Length != 1 || !Source.TryRead(values[0], out var source))
            {
                Complain(entry, $"'{entry.Value}' is not an address, a blank and a host name.");
            }
            else if (_sources.Values.Any(other => other.Address.Equals(source.Address)))
            {
                Complain(entry, $"{source.Address} has a name already.");
            }
            else
            {
                _sources[names[0]] = source with { Name = names[0] };
            }
        }

        private void ReadWarmUp(IniEntry entry, string[] names, string[] values)
        {
            var words = entry.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!_sources.TryGetValue(names[0], out var source))
            {
                Complain(entry, $"there is no Source.{names[0]}.");
            }
            else if (words.Length != 3 || words[1] != "from" || !DateOnly.TryParseExact(words[2], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from))
            {
                Complain(entry, "wants a plan and its first day: gentle from 2026-12-01.");
            }
            else if (!_plans.TryGetValue(words[0], out var plan))
            {
                Complain(entry, $"there is no Plan.{words[0]}.");
            }
            else
            {
                _sources[names[0]] = source with { WarmUp = new WarmUp(plan, from) };
            }
        }

        private void ReadPool(IniEntry entry, string[] names, string[] values)
        {
            if (values.Length == 0)
            {
                Complain(entry, "is empty. Name the sources of the pool, with commas between.");
            }
            else if (Array.Find(values, value => !_sources.ContainsKey(value)) is { } unknown)
            {
                Complain(entry, $"there is no Source.{unknown}.");
            }
            else
            {
                _read._pools[names[0]] = [.. values.Distinct(StringComparer.Ordinal).Select(value => _sources[value])];
            }
        }

        private void ReadSenders(IniEntry entry, string[] names, string[] values)
        {
            if (!_read._pools.ContainsKey(names[0]))
            {
                Complain(entry, $"there is no Pool.{names[0]}, or it has mistakes.");
                return;
            }

            foreach (var value in values)
            {
                if (value == "*")
                {
                    _ = _read.NameOfOthers.Length == 0 || Complain(entry, $"* belongs to {_read.NameOfOthers} already.");
                    _read.NameOfOthers = names[0];
                }
                else if (!_read._poolOfSender.TryAdd(value.TrimEnd('.'), names[0]))
                {
                    Complain(entry, $"{value} belongs to {_read._poolOfSender[value.TrimEnd('.')]} already.");
                }
            }
        }

        private bool Complain(IniEntry entry, string message)
        {
            complaints.Add(new Complaint(file.Name, entry.Line, entry.Key, message));
            return true;
        }
    }
}
