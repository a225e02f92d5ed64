// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Suppression;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients.Waterfalls;

/// <summary>Counts and lists who falls away between a set of recipients and its hand-over.</summary>
internal sealed class WaterfallStore(Database database)
{
    private const int Page = 5000;
    private const string Gone = "EXISTS (SELECT 1 FROM outcome WHERE outcome.job_id = @delivery AND outcome.recipient_id = recipient.id AND outcome.fate = 4)";

    /// <summary>How many recipients of a set stand on the suppression list now, by the entry's source.</summary>
    public async Task<IReadOnlyDictionary<WaterfallStep, long>> Count(long recipientsId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(string Source, long Recipients)>(new CommandDefinition(
            $"SELECT suppression.source, COUNT(*) FROM {SuppressedRecipients.OfSet} GROUP BY suppression.source",
            new { recipientsId },
            cancellationToken: cancellationToken));
        return rows.GroupBy(row => StepOf(row.Source)).ToDictionary(group => group.Key, group => group.Sum(row => row.Recipients));
    }

    /// <summary>A page of those behind a step, in the order of the source.</summary>
    /// <param name="scope">Whose.</param>
    /// <param name="step">Which step.</param>
    /// <param name="search">Only whose address or name contains this; empty: all.</param>
    /// <param name="after">Only with larger keys.</param>
    /// <param name="take">At most so many.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<WaterfallPerson>> People(
        WaterfallScope scope, WaterfallStep step, string search, long after, int take, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            SelectOf(scope, step),
            new
            {
                recipientsId = scope.Source.Id,
                delivery = scope.DeliveryId,
                after,
                take,
                all = search.Trim().Length == 0 ? 1 : 0,
                pattern = PatternOf(search),
                kind = step is WaterfallStep.Invalid ? Words.Of(SetAsideKind.Invalid) : Words.Of(SetAsideKind.Duplicate),
            },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToPerson())];
    }

    /// <summary>All of them, in pages behind the scenes, so that no reader holds a connection for long.</summary>
    public async IAsyncEnumerable<WaterfallPerson> AllPeople(
        WaterfallScope scope, WaterfallStep step, string search, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0L; ;)
        {
            var page = await People(scope, step, search, after, Page, cancellationToken);
            foreach (var person in page)
            {
                yield return person;
            }

            if (page.Count < Page)
            {
                yield break;
            }

            after = page[^1].Key;
        }
    }

    private static string SelectOf(WaterfallScope scope, WaterfallStep step)
    {
        const string Search = "(@all = 1 OR recipient.normalized LIKE @pattern ESCAPE '\\' OR LOWER(recipient.display_name) LIKE @pattern ESCAPE '\\')";
        const string Behind = $"recipient.id > @after AND {Search}";
        const string Person = "SELECT recipient.id AS Number, recipient.address AS Address, recipient.display_name AS Name";
        const string Order = "ORDER BY recipient.id LIMIT @take";
        return (step, scope.DeliveryId) switch
        {
            (WaterfallStep.Invalid or WaterfallStep.Duplicate, _) =>
                """
                SELECT line AS Number, address AS Address, '' AS Name, reason AS Reason, NULL AS At FROM recipient_set_aside
                WHERE recipients_id = @recipientsId AND kind = @kind AND line > @after
                  AND (@all = 1 OR LOWER(address) LIKE @pattern ESCAPE '\' OR LOWER(raw) LIKE @pattern ESCAPE '\')
                ORDER BY line LIMIT @take
                """,
            (WaterfallStep.Remaining, null) =>
                $"{Person}, '' AS Reason, NULL AS At FROM recipient WHERE recipients_id = @recipientsId AND NOT {SuppressedRecipients.IsSuppressed} AND {Behind} {Order}",
            (WaterfallStep.Remaining, _) =>
                $"{Person}, '' AS Reason, NULL AS At FROM recipient WHERE recipients_id = @recipientsId AND NOT {Gone} AND {Behind} {Order}",
            (_, null) =>
                $"{Person}, suppression.reason AS Reason, suppression.at AS At FROM {SuppressedRecipients.OfSet} AND {SourcesOf(step)} AND {Behind} {Order}",
            (_, _) =>
                $"""
                {Person}, outcome.reply AS Reason, outcome.at AS At FROM outcome
                JOIN recipient ON recipient.recipients_id = @recipientsId AND recipient.id = outcome.recipient_id
                WHERE outcome.job_id = @delivery AND outcome.fate = 4 AND outcome.recipient_id > @after
                  AND {(step == WaterfallStep.Suppressed ? "1 = 1" : "1 = 0")} AND {Search} ORDER BY outcome.recipient_id LIMIT @take
                """,
        };
    }

    /// <summary>The step at which an entry of the suppression list with a source counts.</summary>
    public static WaterfallStep StepOf(string source) => source switch
    {
        "unsubscribe" => WaterfallStep.Unsubscribed,
        "bounce" => WaterfallStep.Bounced,
        "complaint" => WaterfallStep.Complained,
        _ => WaterfallStep.Suppressed,
    };

    private static string SourcesOf(WaterfallStep step) => step switch
    {
        WaterfallStep.Unsubscribed => "suppression.source = 'unsubscribe'",
        WaterfallStep.Bounced => "suppression.source = 'bounce'",
        WaterfallStep.Complained => "suppression.source = 'complaint'",
        _ => "suppression.source NOT IN ('unsubscribe', 'bounce', 'complaint')",
    };

    private static string PatternOf(string search) =>
        "%" + search.Trim().ToLowerInvariant().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal) + "%";

    private sealed class Row
    {
        public long Number { get; set; }

        public string Address { get; set; } = "";

        public string Name { get; set; } = "";

        public string Reason { get; set; } = "";

        public long? At { get; set; }

        public WaterfallPerson ToPerson() => new(Number, Address, Name, Reason, At is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null);
    }
}
