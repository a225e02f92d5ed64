// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Columns;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Recipients.Import;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients;

/// <summary>Starts to import an upload in the background, read the way people chose or accepted.</summary>
internal sealed class StartImport(PreviewRecipients preview, RecipientSourceStore sources, ImportQueue queue)
{
    public sealed record Command(long SourceId, CsvChoice Choice, Actor Who);

    public async Task<Outcome<RecipientSource>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!(await preview.Handle(new PreviewRecipients.Query(command.SourceId, command.Choice), cancellationToken)).Is(out var analysis, out var refusal))
        {
            return refusal;
        }

        var source = (await sources.Find(command.SourceId, cancellationToken))!;
        if (Check(source, analysis, command.Choice) is { } unusable)
        {
            return unusable;
        }

        var importing = source with
        {
            State = SourceState.Importing,
            Format = analysis.Format,
            Columns = [.. analysis.Columns.Select(column => column.Name)],
            AddressColumn = analysis.AddressColumn,
            NameColumn = analysis.NameColumn,
            Rules = analysis.Rules,
            By = command.Who,
            Failure = null,
            FinishedAt = null,
        };
        if (!await sources.Save(importing, source.State, cancellationToken))
        {
            return RecipientRefusals.NotImportable(source);
        }

        queue.Add(importing);
        return importing;
    }

    private static Refusal? Check(RecipientSource source, CsvAnalysis analysis, CsvChoice choice)
    {
        if (analysis.Width == 0)
        {
            return RecipientRefusals.Empty(source.FileName);
        }

        if (analysis.Width > CsvReader.MaxColumns)
        {
            return RecipientRefusals.TooManyColumns(source.FileName, analysis.Width);
        }

        if (choice.Names is { } names && names.Count != analysis.Width)
        {
            return RecipientRefusals.ColumnCount(names.Count, analysis.Width);
        }

        var number = analysis.Columns.ToList().FindIndex(column => column.Problem is not null) + 1;
        if (number > 0 && !choice.AdaptNames)
        {
            return RecipientRefusals.ColumnName(number, analysis.Columns[number - 1]);
        }

        return analysis switch
        {
            { AddressColumn: < 0 } => RecipientRefusals.NoAddressColumn(analysis.Columns),
            { NameColumn: < 0 } => RecipientRefusals.NoNameColumn(choice.NameColumn ?? ""),
            _ when ColumnRules.UnknownOf(analysis.Columns, choice) is { } unknown => RecipientRefusals.NoColumn(unknown, analysis.Columns),
            { Rules: { Duplicates: DuplicateRule.Columns, Compared.Count: 0 } } => RecipientRefusals.NothingCompared(),
            _ => null,
        };
    }
}
