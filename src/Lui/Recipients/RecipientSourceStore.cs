// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Recipients.Columns;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Recipients.Drawing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients;

/// <summary>The files of recipients of all jobs.</summary>
internal sealed class RecipientSourceStore(Database database)
{
    private const string Columns = """
        id AS Id, job_id AS JobId, state AS State, file_name AS FileName, file_size AS FileSize, spool_file AS SpoolFile, sheet AS Sheet,
        encoding AS Encoding, delimiter AS Delimiter, quote AS Quote, has_header AS HasHeader, columns AS Columns,
        address_column AS AddressColumn, name_column AS NameColumn, valid AS Valid, invalid AS Invalid, duplicates AS Duplicates,
        failure_code AS FailureCode, failure AS Failure, rule AS Rule, drawn AS Drawn, rules AS Rules, misfits AS Misfits, by_id AS ById, by_name AS ByName, created_at AS CreatedAt, finished_at AS FinishedAt
        """;

    /// <summary>Keeps a new upload and gives it its number. Uploads of the job that nobody imported are discarded.</summary>
    public Task<RecipientSource> Add(RecipientSource source, CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            var numbered = source with { Id = await NumberSequence.Next(transaction, NumberSequence.Recipients, cancellationToken) };
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "UPDATE recipient_source SET state = 'discarded' WHERE job_id = @JobId AND state IN ('uploaded', 'failed')",
                new { source.JobId },
                transaction,
                cancellationToken: cancellationToken));
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO recipient_source (id, job_id, state, file_name, file_size, spool_file, sheet, encoding, delimiter, quote, has_header, columns,
                    address_column, name_column, valid, invalid, duplicates, failure_code, failure, rule, drawn, rules, misfits, by_id, by_name, created_at, finished_at)
                VALUES (@Id, @JobId, @State, @FileName, @FileSize, @SpoolFile, @Sheet, @Encoding, @Delimiter, @Quote, @HasHeader, @Columns,
                    @AddressColumn, @NameColumn, @Valid, @Invalid, @Duplicates, @FailureCode, @Failure, @Rule, @Drawn, @Rules, @Misfits, @ById, @ByName, @CreatedAt, @FinishedAt)
                """,
                Row.Of(numbered),
                transaction,
                cancellationToken: cancellationToken));
            return numbered;
        },
        cancellationToken);

    /// <summary>A file by its number, or null.</summary>
    public async Task<RecipientSource?> Find(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM recipient_source WHERE id = @id", new { id }, cancellationToken: cancellationToken));
        return row?.ToSource();
    }

    /// <summary>The newest file of a job that is not discarded, or null.</summary>
    public async Task<RecipientSource?> Newest(long jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QueryFirstOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM recipient_source WHERE job_id = @jobId AND state <> 'discarded' ORDER BY id DESC LIMIT 1",
            new { jobId },
            cancellationToken: cancellationToken));
        return row?.ToSource();
    }

    /// <summary>All files in a state.</summary>
    public async Task<IReadOnlyList<RecipientSource>> InState(SourceState state, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM recipient_source WHERE state = @State ORDER BY id", new { State = Words.Of(state) }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToSource())];
    }

    /// <summary>Names of all uploads that are still needed.</summary>
    public async Task<IReadOnlySet<string>> SpoolFiles(CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var names = await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT spool_file FROM recipient_source WHERE spool_file IS NOT NULL AND state <> 'discarded'", cancellationToken: cancellationToken));
        return names.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Saves a file if it is still in the state it was in; false if somebody else moved it.</summary>
    public Task<bool> Save(RecipientSource source, SourceState from, CancellationToken cancellationToken) =>
        database.Write(transaction => Save(transaction, source, from, cancellationToken), cancellationToken);

    /// <summary>The same inside a transaction.</summary>
    public static async Task<bool> Save(DbTransaction transaction, RecipientSource source, SourceState from, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(Row.Of(source));
        parameters.Add("From", Words.Of(from));
        return await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            UPDATE recipient_source
            SET state = @State, spool_file = @SpoolFile, encoding = @Encoding, delimiter = @Delimiter, quote = @Quote, has_header = @HasHeader,
                columns = @Columns, address_column = @AddressColumn, name_column = @NameColumn, rules = @Rules, misfits = @Misfits, valid = @Valid, invalid = @Invalid,
                duplicates = @Duplicates, failure_code = @FailureCode, failure = @Failure, finished_at = @FinishedAt
            WHERE id = @Id AND state = @From
            """,
            parameters,
            transaction,
            cancellationToken: cancellationToken)) == 1;
    }

    /// <summary>Discards the set that a job used before, unless another job uses it: the runs of a repeated job share theirs.</summary>
    public static Task Discard(DbTransaction transaction, long id, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(
        new CommandDefinition("UPDATE recipient_source SET state = 'discarded' WHERE id = @id AND id NOT IN (SELECT recipients_id FROM job WHERE recipients_id IS NOT NULL)", new { id }, transaction, cancellationToken: cancellationToken));

    /// <summary>Discards what a run has begun to find anew and could not put to use, so that it is found anew when the run is tried again.</summary>
    public static Task DiscardDrawn(DbTransaction transaction, long jobId, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(
        new CommandDefinition("UPDATE recipient_source SET state = 'discarded' WHERE job_id = @jobId AND drawn = 1 AND state IN ('uploaded', 'failed')", new { jobId }, transaction, cancellationToken: cancellationToken));

    /// <summary>Discards the files of jobs that were deleted, unless another job uses them.</summary>
    public Task DiscardOrphans(CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            UPDATE recipient_source SET state = 'discarded' WHERE state NOT IN ('discarded', 'importing') AND job_id NOT IN (SELECT id FROM job)
                AND id NOT IN (SELECT recipients_id FROM job WHERE recipients_id IS NOT NULL)
            """,
            transaction: transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Forgets a discarded file whose rows are gone.</summary>
    public Task Forget(long id, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "DELETE FROM recipient_source WHERE id = @id AND state = 'discarded'", new { id }, transaction, cancellationToken: cancellationToken)),
        cancellationToken);

    private sealed class Row
    {
        public long Id { get; set; }

        public long JobId { get; set; }

        public string State { get; set; } = "";

        public string FileName { get; set; } = "";

        public long FileSize { get; set; }

        public string? SpoolFile { get; set; }

        public string Encoding { get; set; } = "";

        public string Delimiter { get; set; } = "";

        public string Quote { get; set; } = "";

        public long HasHeader { get; set; }

        public string Columns { get; set; } = "";

        public long AddressColumn { get; set; }

        public long? NameColumn { get; set; }

        public long Valid { get; set; }

        public long Invalid { get; set; }

        public long Duplicates { get; set; }

        public string? FailureCode { get; set; }

        public string? Failure { get; set; }

        public string? Sheet { get; set; }

        public string? Rule { get; set; }

        public long Drawn { get; set; }

        public string? Rules { get; set; }

        public long Misfits { get; set; }

        public string ById { get; set; } = "";

        public string ByName { get; set; } = "";

        public long CreatedAt { get; set; }

        public long? FinishedAt { get; set; }

        public static Row Of(RecipientSource source) => new()
        {
            Id = source.Id,
            JobId = source.JobId,
            State = Words.Of(source.State),
            FileName = source.FileName,
            FileSize = source.FileSize,
            SpoolFile = source.SpoolFile,
            Sheet = source.Sheet,
            Encoding = TextEncodings.NameOf(source.Format.Encoding),
            Delimiter = source.Format.Delimiter.ToString(),
            Quote = source.Format.Quote?.ToString() ?? "",
            HasHeader = source.Format.HasHeader ? 1 : 0,
            Columns = JsonSerializer.Serialize(source.Columns),
            AddressColumn = source.AddressColumn,
            NameColumn = source.NameColumn,
            Valid = source.Valid,
            Invalid = source.Invalid,
            Duplicates = source.Duplicates,
            FailureCode = source.Failure?.Code,
            Failure = source.Failure?.Message,
            Rule = source.Rule?.ToJson(),
            Drawn = source.IsDrawn ? 1 : 0,
            Rules = source.Rules?.ToJson(),
            Misfits = source.Misfits,
            ById = source.By.Id,
            ByName = source.By.Name,
            CreatedAt = source.CreatedAt.ToUnixTimeMilliseconds(),
            FinishedAt = source.FinishedAt?.ToUnixTimeMilliseconds(),
        };

        public RecipientSource ToSource() => new()
        {
            Id = Id,
            JobId = JobId,
            State = Words.To<SourceState>(State),
            FileName = FileName,
            FileSize = FileSize,
            SpoolFile = SpoolFile,
            Sheet = Sheet,
            Format = new CsvFormat(
                TextEncodings.Parse(Encoding) ?? TextEncoding.Utf8, Delimiter[0], Quote.Length == 0 ? null : Quote[0], HasHeader == 1),
            Columns = JsonSerializer.Deserialize<string[]>(Columns)!,
            AddressColumn = (int)AddressColumn,
            NameColumn = (int?)NameColumn,
            Valid = Valid,
            Invalid = Invalid,
            Duplicates = Duplicates,
            Failure = FailureCode is null ? null : new JobFailure(FailureCode, Failure ?? ""),
            Rule = Rule is null ? null : AudienceRule.FromJson(Rule),
            IsDrawn = Drawn == 1,
            Rules = Rules is null ? null : ColumnRules.FromJson(Rules),
            Misfits = Misfits,
            By = new Actor(ById, ByName),
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
            FinishedAt = FinishedAt is { } finished ? DateTimeOffset.FromUnixTimeMilliseconds(finished) : null,
        };
    }
}
