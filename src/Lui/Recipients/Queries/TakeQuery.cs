// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Databases;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Recipients.Drawing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients.Queries;

/// <summary>Takes the rows of a query as the recipients of a job, as they are now. A row at a time is in memory.</summary>
internal sealed class TakeQuery(DatabaseConnectionStore connections, QueryReader reader, TakeRows take, DatabaseSettings settings)
{
    /// <summary>Rows of a preview.</summary>
    public const int PreviewRows = 20;

    private static readonly TimeSpan _previewPatience = TimeSpan.FromSeconds(30);

    /// <param name="Connection">Name of the database.</param>
    /// <param name="Sql">What is read.</param>
    /// <param name="Parameters">A value for each name in it.</param>
    public sealed record Query(string Connection, string Sql, IReadOnlyList<QueryParameter> Parameters);

    /// <param name="JobId">The job.</param>
    /// <param name="Query">What is read.</param>
    /// <param name="AddressColumn">The column with the address; null to recognise it.</param>
    /// <param name="NameColumn">The column with the name; empty for none, null to recognise it.</param>
    /// <param name="Who">Who takes it.</param>
    public sealed record Command(long JobId, Query Query, string? AddressColumn, string? NameColumn, Actor Who)
    {
        /// <summary>The set in whose place they come, if a run finds its recipients anew.</summary>
        public RecipientSource? Inherited { get; init; }
    }

    /// <summary>The first rows of a query.</summary>
    public sealed record Preview(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

    public async Task<Outcome<RecipientSource>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!(await Find(command.Query, cancellationToken)).Is(out var found, out var refusal))
        {
            return refusal;
        }

        return await take.Handle(
            new TakeRows.Command(command.JobId, found.Connection.Name, command.AddressColumn, command.NameColumn, command.Who) { Rule = new AudienceRule { Query = command.Query }, Inherited = command.Inherited },
            async (rows, stop) =>
            {
                await using var csv = new CsvWriter(rows);
                var outcome = await reader.Handle(
                    found.Connection,
                    found.Statement,
                    command.Query.Parameters,
                    TimeSpan.FromSeconds(settings.QuerySeconds),
                    async columns => await csv.Write(columns),
                    async values =>
                    {
                        await csv.Write(values);
                        return true;
                    },
                    stop);
                return !outcome.Is(out var count, out var refused) ? refused : count == 0 && command.Inherited is null ? DatabaseRefusals.NoRows(found.Connection.Name) : null;
            },
            cancellationToken);
    }

    /// <summary>Runs a query for its first rows only.</summary>
    public async Task<Outcome<Preview>> Look(Query query, CancellationToken cancellationToken)
    {
        if (!(await Find(query, cancellationToken)).Is(out var found, out var refusal))
        {
            return refusal;
        }

        IReadOnlyList<string> names = [];
        var rows = new List<IReadOnlyList<string>>();

        // Some drivers answer on the thread that asks: not on a page's.
        var outcome = await Task.Run(
            () => reader.Handle(
                found.Connection,
                found.Statement,
                query.Parameters,
                _previewPatience,
                columns =>
                {
                    names = columns;
                    return default;
                },
                values =>
                {
                    rows.Add([.. values]);
                    return new(rows.Count < PreviewRows);
                },
                cancellationToken),
            cancellationToken);
        return outcome.Is(out _, out refusal) ? new Preview(names, rows) : refusal;
    }

    private async Task<Outcome<(DatabaseConnection Connection, QueryStatement Statement)>> Find(Query query, CancellationToken cancellationToken)
    {
        if (await connections.Find(query.Connection, cancellationToken) is not { } connection)
        {
            return DatabaseRefusals.NotFound(query.Connection);
        }

        return QueryStatement.Read(query.Sql, connection.Kind).Is(out var statement, out var refusal) ? (connection, statement) : refusal;
    }
}
