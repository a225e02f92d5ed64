// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Data;

namespace Tutti.Dst.Journal;

/// <summary>Short numbers for the hosts that messages are offered to, on disk before one is used.</summary>
internal sealed class HostNumbers(JournalWorker journal)
{
    private const int MostKnown = 50_000;

    private static readonly Statement _find = new("SELECT number FROM mail_host WHERE name = @name", ("name", DbType.String));

    private static readonly Statement _add = new(
        "INSERT INTO mail_host (number, name) SELECT COALESCE(MAX(number), 0) + 1, @name FROM mail_host WHERE TRUE ON CONFLICT DO NOTHING", ("name", DbType.String));

    private static readonly Statement _drop = new("DELETE FROM mail_host");

    private readonly ConcurrentDictionary<string, int> _known = new(StringComparer.Ordinal);

    /// <summary>Forgets all hosts. Only where nobody has offered anything and nobody else uses the store.</summary>
    public static void Drop(JournalSession session) => session.Run(_drop);

    /// <summary>The number of a host.</summary>
    public async ValueTask<int> Of(string host)
    {
        if (_known.TryGetValue(host, out var number))
        {
            return number;
        }

        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        return _known[host] = await journal.Write(session => FindOrAdd(session, host));
    }

    private static int FindOrAdd(JournalSession session, string host)
    {
        while (true)
        {
            if (session.Scalar(_find, host) is { } number)
            {
                return Convert.ToInt32(number, null);
            }

            // Another distributor of the group may take the same number at the same moment: then the next one.
            session.Run(_add, host);
        }
    }
}
