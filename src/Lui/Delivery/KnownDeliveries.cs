// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Delivery;

/// <summary>Tells events of deliveries that are here from those of tests that were deleted with their job: these leave nothing behind.</summary>
internal static class KnownDeliveries
{
    /// <summary>Those that are here. A test among them cannot be deleted before the transaction ends.</summary>
    public static async Task<HashSet<long>> Among(DbTransaction transaction, Dialect dialect, IEnumerable<long> ids)
    {
        var wanted = ids.Distinct().ToArray();
        if (wanted.Length == 0)
        {
            return [];
        }

        var (among, share) = dialect == Dialect.Postgres ? ("= ANY (@wanted)", "FOR SHARE") : ("IN @wanted", "");
        var connection = transaction.Connection!;
        return
        [
            .. await connection.QueryAsync<long>($"SELECT id FROM delivery WHERE id {among} AND kind = 'job'", new { wanted }, transaction),
            .. await connection.QueryAsync<long>($"SELECT id FROM delivery WHERE id {among} AND kind = 'test' {share}", new { wanted }, transaction),
        ];
    }
}
