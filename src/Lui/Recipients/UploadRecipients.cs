// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Recipients.Drawing;
using Tutti.Lui.Recipients.Workbooks;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients;

/// <summary>A file arrives: it is written to disk and recognised. Nothing of the job changes yet.</summary>
internal sealed class UploadRecipients(JobStore jobs, RecipientSourceStore sources, UploadStore uploads, TimeProvider clock)
{
    public sealed record Command(long JobId, string FileName, Stream Content, CsvChoice Choice, Actor Who, string? Sheet = null)
    {
        /// <summary>How the rows were found, if they can be found again; its header is theirs, unless it has one.</summary>
        public AudienceRule? Rule { get; init; }

        /// <summary>True if a run that has started finds its recipients anew.</summary>
        public bool IsDrawn { get; init; }
    }

    /// <summary>What came in, and how it is understood.</summary>
    public sealed record Result(RecipientSource Source, CsvAnalysis Analysis);

    public async Task<Outcome<Result>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await jobs.Find(command.JobId, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        var allowed = command.IsDrawn ? job.DrawRecipients(0) : job.Edited(JobStep.Recipients, command.Who, clock.GetUtcNow());
        if (!allowed.Is(out _, out var refusal))
        {
            return refusal;
        }

        if (await sources.Newest(job.Id, cancellationToken) is { State: SourceState.Importing } running)
        {
            return RecipientRefusals.Busy(running);
        }

        if (!(await uploads.Take(command.Content, cancellationToken)).Is(out var upload, out refusal)
            || !(await Unfold(upload, command, cancellationToken)).Is(out var unfolded, out refusal))
        {
            return refusal;
        }

        (upload, var sheet) = unfolded;
        var analysis = CsvAnalysis.Of((await uploads.Find(upload.Name, cancellationToken))!, sheet is null ? command.Choice : command.Choice.OfOurs());
        if (Check(command.FileName, analysis) is { } unusable)
        {
            await uploads.Remove(upload.Name, cancellationToken);
            return unusable;
        }

        var source = await sources.Add(
            new RecipientSource
            {
                Id = 0,
                JobId = job.Id,
                State = SourceState.Uploaded,
                FileName = command.FileName,
                FileSize = upload.Size,
                SpoolFile = upload.Name,
                Sheet = sheet,
                Format = analysis.Format,
                Columns = [.. analysis.Columns.Select(column => column.Name)],
                AddressColumn = analysis.AddressColumn,
                NameColumn = analysis.NameColumn,
                Rules = analysis.Rules,
                Rule = command.Rule is { Header.Count: 0 } rule ? rule with { Header = [.. analysis.Columns.Select(column => column.Given)] } : command.Rule,
                IsDrawn = command.IsDrawn,
                By = command.Who,
                CreatedAt = clock.GetUtcNow(),
            },
            cancellationToken);
        return new Result(source, analysis);
    }

    /// <summary>A sheet of a workbook takes the workbook's place; a file of separated values stays what it is.</summary>
    private async Task<Outcome<(Upload Upload, string? Sheet)>> Unfold(Upload upload, Command command, CancellationToken cancellationToken)
    {
        var path = (await uploads.Find(upload.Name, cancellationToken))!;
        var kind = Workbook.KindOf(path);
        if (kind == FileKind.Text && command.Sheet is null)
        {
            return (upload, null);
        }

        try
        {
            if (kind != FileKind.Archive)
            {
                return kind == FileKind.OldOffice ? WorkbookRefusals.OldOffice(command.FileName) : WorkbookRefusals.SheetOfText(command.FileName);
            }

            if (!new Workbook(path, command.FileName).Open(command.Sheet).Is(out var sheet, out var refusal))
            {
                return refusal;
            }

            await using var text = new SheetStream(sheet.Rows);
            return (await uploads.Take(text, cancellationToken)).Is(out var unfolded, out refusal) ? (unfolded, sheet.Name) : refusal;
        }
        catch (Exception failure) when (Workbook.IsDamage(failure))
        {
            return WorkbookRefusals.Damaged(command.FileName);
        }
        finally
        {
            await uploads.Remove(upload.Name, CancellationToken.None);
        }
    }

    // Only what no other choice of settings could mend; the rest is for people to look at.
    private static Refusal? Check(string fileName, CsvAnalysis analysis) => analysis.Width switch
    {
        0 => RecipientRefusals.Empty(fileName),
        > CsvReader.MaxColumns => RecipientRefusals.TooManyColumns(fileName, analysis.Width),
        _ => null,
    };
}
