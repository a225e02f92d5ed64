// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Dapper;
using Tutti.Mail.Links;
using Tutti.Mail.Returns;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Returns;

/// <summary>The keys of all deliveries this distributor has, in memory: a return address must be checked while its sender waits.</summary>
internal sealed class ReturnKeys(Database database)
{
    private ImmutableDictionary<int, ImmutableArray<ReturnKey>> _keys = ImmutableDictionary<int, ImmutableArray<ReturnKey>>.Empty;

    /// <summary>Reads them again.</summary>
    public async Task Refresh(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Id, byte[] Secret)>(new CommandDefinition(
            "SELECT CAST(key_id AS BIGINT), key_secret FROM delivery GROUP BY key_id, key_secret", cancellationToken: cancellationToken));
        Volatile.Write(ref _keys, rows
            .Where(row => row.Secret.Length == LinkKey.SecretLength)
            .GroupBy(row => (int)row.Id)
            .ToImmutableDictionary(
                rows => rows.Key,
                rows => rows.Select(row => new ReturnKey(new LinkKey(rows.Key, row.Secret))).ToImmutableArray()));
    }

    /// <summary>Takes a key that a delivery brought.</summary>
    public void Note(ReturnKey key) =>
        ImmutableInterlocked.AddOrUpdate(ref _keys, key.Id, [key], (_, known) => known.Any(one => one.IsSameAs(key)) ? known : known.Add(key));

    /// <summary>Whether a token's key is here. One that is not may be that of a delivery that began a moment ago.</summary>
    public bool Knows(ReturnToken token) => Volatile.Read(ref _keys).ContainsKey(token.KeyId);

    /// <summary>The recipient a token was made for; null if it is none of ours.</summary>
    public ReturnedTo? Open(ReturnToken token)
    {
        foreach (var key in Volatile.Read(ref _keys).GetValueOrDefault(token.KeyId, []))
        {
            if (token.TryOpen(key, out var job, out var recipient) && job is > 0 and <= long.MaxValue && recipient is > 0 and <= long.MaxValue)
            {
                return new ReturnedTo((long)job, (long)recipient);
            }
        }

        return null;
    }
}

/// <summary>Whose message came back.</summary>
/// <param name="Job">The delivery.</param>
/// <param name="Recipient">The recipient in it.</param>
internal readonly record struct ReturnedTo(long Job, long Recipient);
