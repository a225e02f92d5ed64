// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Smtp.Encryption;

/// <summary>What became of encryption on a day, for the command line; may be asked beside a running distributor.</summary>
public static class TlsReport
{
    /// <summary>
    /// Sessions by domain, host and result. A running distributor writes them once a minute. The schema is left as it is: a distributor that is
    /// just starting brings it up to date itself.
    /// </summary>
    /// <param name="settings">Where the distributor keeps its database.</param>
    /// <param name="folder">The distributor's folder.</param>
    /// <param name="day">In UTC; 40 days are kept.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read, or is older than this version.</exception>
    public static async Task<IReadOnlyList<CountedSessions>> Of(DatabaseSettings settings, ComponentFolder folder, DateOnly day, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Database == DatabaseEngine.Sqlite && !File.Exists(Path.Combine(folder.Data, Distributor.DatabaseFile)))
        {
            return [];
        }

        await using var database = DatabaseRegistration.Open(settings, folder, Distributor.DatabaseFile);
        return await new TlsLedgerStore(database).Of(day, cancellationToken);
    }
}

/// <summary>Sessions of a day with the same result.</summary>
/// <param name="Domain">Whose policy it was; empty for all domains without one.</param>
/// <param name="Policy">"sts", "tlsa" or "no-policy-found".</param>
/// <param name="Host">The receiver; empty where there was no policy, or no host was asked.</param>
/// <param name="Result">"successful" or a result type of RFC 8460.</param>
/// <param name="Sessions">How many.</param>
public sealed record CountedSessions(string Domain, string Policy, string Host, string Result, long Sessions);
