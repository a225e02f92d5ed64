// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Teams;

/// <summary>Whose rights a program's token has. A token without an account has all.</summary>
internal sealed class TokenHolders(Database database)
{
    /// <summary>Gives a token the rights of an account. Call it before anybody has seen the token's secret.</summary>
    public Task Limit(long token, string person, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO token_person (token_id, person_id) VALUES (@token, @person)
            ON CONFLICT (token_id) DO UPDATE SET person_id = excluded.person_id
            """,
            new { token, person },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>The name of the account of each token that has one.</summary>
    public async Task<IReadOnlyDictionary<long, string>> Names(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Token, string Name)>(new CommandDefinition(
            "SELECT t.token_id, COALESCE(p.display_name, t.person_id) FROM token_person t LEFT JOIN person p ON p.id = t.person_id", cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Token, row => row.Name);
    }
}
