// SPDX-License-Identifier: Apache-2.0
using System.IO.Pipelines;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Columns;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Recipients.Drawing;
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
    public sealed record Command(long JobId, string Name, string? AddressColumn, string? NameColumn, Actor Who)
    {
        /// <summary>How they are found, if they can be found again.</summary>
        public AudienceRule? Rule { get; init; }

        /// <summary>How the columns are understood, where they come from another set with the same ones; null to recognise it.</summary>
        public RecipientSource? Like { get; init; }

        /// <summary>The set in whose place they come, if a run finds its recipients anew: its columns are theirs.</summary>
        public RecipientSource? Inherited { get; init; }
    }

    /// <summary>Writes the rows, their names first. Answers why it could not, or null; ends early without a word if nobody reads on.</summary>
    public delegate Task<Refusal?> Source(Stream rows, CancellationToken cancellationToken);

    public async Task<Outcome<RecipientSource>> Handle(Command command, Source source, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = Write(source, pipe.Writer, given.Token);
        var drawn = command.Inherited is not null;
        var choice = new CsvChoice { AddressColumn = command.AddressColumn, NameColumn = command.NameColumn, AdaptNames = true }.OfOurs() with { HasHeader = true };
        if (command.Like is { Rules: { } rules } like)
        {
            choice = rules.Choose(choice, like.Columns);
        }

        UploadRecipients.Result? uploaded = null;
        Refusal? refused = null;
        try
        {
            (await upload.Handle(new UploadRecipients.Command(command.JobId, command.Name, pipe.Reader.AsStream(), choice, command.Who) { Rule = command.Rule, IsDrawn = drawn }, cancellationToken))
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
        if ((refused ?? broken) is { } no)
        {
            return no;
        }

        if (command.Inherited is { } inherited)
        {
            if (!uploaded!.Source.Rule!.Header.SequenceEqual(inherited.Rule!.Header, StringComparer.Ordinal))
            {
                return RecipientRefusals.OtherColumns(inherited, inherited.Rule.Header, uploaded.Source.Rule.Header);
            }

            choice = (inherited.Rules ?? ColumnRules.Plain).Choose(choice, inherited.Columns) with
            {
                Names = inherited.Columns,
                AddressColumn = inherited.Columns[inherited.AddressColumn],
                NameColumn = inherited.NameColumn is { } name ? inherited.Columns[name] : "",
            };
        }

        return await import.Handle(new StartImport.Command(uploaded!.Source.Id, choice, command.Who), cancellationToken);
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
