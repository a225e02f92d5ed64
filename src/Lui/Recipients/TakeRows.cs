// SPDX-License-Identifier: Apache-2.0
using System.IO.Pipelines;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Csv;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients;

/// <summary>
/// Takes recipients that do not come as a file: what is read goes straight on to the disk as separated values, and is then
/// checked and imported like a file. So a set stays as it was when it was taken.
/// </summary>
internal sealed class TakeRows(UploadRecipients upload, StartImport import)
{
    /// <param name="JobId">The job.</param>
    /// <param name="Name">What the source is called.</param>
    /// <param name="AddressColumn">The column with the address, or null to recognise it.</param>
    /// <param name="NameColumn">The column with the name; empty for none, null to recognise it.</param>
    /// <param name="Who">Who takes them.</param>
    public sealed record Command(long JobId, string Name, string? AddressColumn, string? NameColumn, Actor Who);

    /// <summary>Writes the rows, their names first. Answers why it could not, or null; ends early without a word if nobody reads on.</summary>
    public delegate Task<Refusal?> Source(Stream rows, CancellationToken cancellationToken);

    public async Task<Outcome<RecipientSource>> Handle(Command command, Source source, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = Write(source, pipe.Writer, given.Token);
        var choice = new CsvChoice { AddressColumn = command.AddressColumn, NameColumn = command.NameColumn, AdaptNames = true }.OfOurs() with { HasHeader = true };
        UploadRecipients.Result? uploaded = null;
        Refusal? refused = null;
        try
        {
            (await upload.Handle(new UploadRecipients.Command(command.JobId, command.Name, pipe.Reader.AsStream(), choice, command.Who), cancellationToken))
                .Is(out uploaded, out refused);
        }
        catch (SourceBrokenException)
        {
            // The writing says why.
        }
        finally
        {
            await pipe.Reader.CompleteAsync();
            if (uploaded is null)
            {
                await given.CancelAsync();
            }
        }

        var broken = await writing;
        return refused ?? broken ?? (Outcome<RecipientSource>)await import.Handle(new StartImport.Command(uploaded!.Source.Id, choice, command.Who), cancellationToken);
    }

    private static async Task<Refusal?> Write(Source source, PipeWriter output, CancellationToken cancellationToken)
    {
        // On a thread of its own: some databases answer on the thread that asks.
        await Task.Yield();
        Exception? broken = new SourceBrokenException();
        try
        {
            var refusal = await source(output.AsStream(leaveOpen: true), cancellationToken);
            broken = refusal is null ? null : new SourceBrokenException();
            return refusal;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            await output.CompleteAsync(broken);
        }
    }

    private sealed class SourceBrokenException : IOException;
}
