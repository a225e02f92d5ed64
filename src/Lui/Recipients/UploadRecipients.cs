// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Recipients.Csv;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients;

/// <summary>A file arrives: it is written to disk and recognised. Nothing of the job changes yet.</summary>
internal sealed class UploadRecipients(JobStore jobs, RecipientSourceStore sources, UploadStore uploads, TimeProvider clock)
{
    public sealed record Command(long JobId, string FileName, Stream Content, CsvChoice Choice, Actor Who);

    /// <summary>What came in, and how it is understood.</summary>
    public sealed record Result(RecipientSource Source, CsvAnalysis Analysis);

    public async Task<Outcome<Result>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await jobs.Find(command.JobId, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        if (!job.Edited(JobStep.Recipients, command.Who, clock.GetUtcNow()).Is(out _, out var refusal))
        {
            return refusal;
        }

        if (await sources.Newest(job.Id, cancellationToken) is { State: SourceState.Importing } running)
        {
            return RecipientRefusals.Busy(running);
        }

        if (!(await uploads.Take(command.Content, cancellationToken)).Is(out var upload, out refusal))
        {
            return refusal;
        }

        var analysis = CsvAnalysis.Of((await uploads.Find(upload.Name, cancellationToken))!, command.Choice);
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
                Format = analysis.Format,
                Columns = [.. analysis.Columns.Select(column => column.Name)],
                AddressColumn = analysis.AddressColumn,
                NameColumn = analysis.NameColumn,
                By = command.Who,
                CreatedAt = clock.GetUtcNow(),
            },
            cancellationToken);
        return new Result(source, analysis);
    }

    // Only what no other choice of settings could mend; the rest is for people to look at.
    private static Refusal? Check(string fileName, CsvAnalysis analysis) => analysis.Width switch
    {
        0 => RecipientRefusals.Empty(fileName),
        > CsvReader.MaxColumns => RecipientRefusals.TooManyColumns(fileName, analysis.Width),
        _ => null,
    };
}
