// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Queries;
using Tutti.Lui.Recipients.Reactions;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients.Drawing;

/// <summary>
/// Finds the recipients of a run anew, by the rule of the set that it inherited. Reading takes as long as it takes, so it goes on beside the deliveries; what was
/// read is imported like a file. Nothing but the import is kept in the meantime: killed while reading, it is read again from the beginning.
/// </summary>
internal sealed partial class DrawRecipients(RecipientSourceStore sources, TakeQuery queries, TakeReactions reactions, ILogger<DrawRecipients> logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, (long Version, Task<Outcome<RecipientSource>> Task)> _reading = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>The set that a run inherited and has to find anew; null if it has none of that kind, or has found its own.</summary>
    public async Task<RecipientSource?> Inherited(Job job, CancellationToken cancellationToken) =>
        job is { Run: > 1, HandedOverAt: null, RecipientsId: { } id } && await sources.Find(id, cancellationToken) is { Rule: not null } source && source.JobId != job.Id ? source : null;

    /// <summary>Moves the draw of a run on: begins it, or looks how far it is. Refused if it has failed; then people decide.</summary>
    /// <param name="job">The run.</param>
    /// <param name="inherited">The set that it has so far.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Outcome<RecipientSource?>> Handle(Job job, RecipientSource inherited, CancellationToken cancellationToken)
    {
        if (_reading.TryGetValue(job.Id, out var reading))
        {
            if (!reading.Task.IsCompleted)
            {
                return (RecipientSource?)null;
            }

            // What came of it before people stopped the run and had it tried again does not count any more, nor that another node was quicker.
            _reading.TryRemove(job.Id, out _);
            if (!(await reading.Task).Is(out _, out var refusal) && reading.Version == job.Version && refusal.Code != RecipientRefusals.ImportingCode)
            {
                return refusal;
            }
        }

        switch (await sources.Newest(job.Id, cancellationToken))
        {
            case { State: SourceState.Importing } importing:
                return importing;
            case { State: SourceState.Failed, Failure: { } failure }:
                return new Refusal(RefusalKind.Conflict, failure.Code, failure.Message);
            case { State: SourceState.Ready } ready:
                return ready;
            default:
                LogBegun(job.Id, inherited.Id);
                _reading[job.Id] = (job.Version, Task.Run(() => Attempt(job, inherited, _stop.Token), CancellationToken.None));
                return (RecipientSource?)null;
        }
    }

    /// <summary>Ends when nothing is read for a job in this process any more.</summary>
    public Task WhenRead(long jobId) => _reading.TryGetValue(jobId, out var reading) ? Task.WhenAny(reading.Task) : Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(Task.WhenAll(_reading.Values.Select(reading => reading.Task)));
        _stop.Dispose();
    }

    private async Task<Outcome<RecipientSource>> Attempt(Job job, RecipientSource inherited, CancellationToken cancellationToken)
    {
        try
        {
            return await Draw(job, inherited, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever broke it, the run fails where people see it; the log has the whole error.
        catch (Exception error) when (error is not OperationCanceledException && !DatabaseAbsence.Is(error))
#pragma warning restore CA1031
        {
            LogBroken(error, job.Id);
            return RecipientRefusals.NotDrawn(inherited);
        }
    }

    private async Task<Outcome<RecipientSource>> Draw(Job job, RecipientSource inherited, CancellationToken cancellationToken)
    {
        // Of the draw before this one, which ended while it was being kept.
        if (await sources.Newest(job.Id, cancellationToken) is { State: SourceState.Uploaded } left)
        {
            await sources.Save(left with { State = SourceState.Discarded }, SourceState.Uploaded, cancellationToken);
        }

        return inherited.Rule switch
        {
            { Query: { } query } => await queries.Handle(new TakeQuery.Command(job.Id, query, null, null, inherited.By) { Inherited = inherited }, cancellationToken),
            { Reaction: { } reaction } => await reactions.Handle(new TakeReactions.Command(job.Id, reaction.Job, reaction.Set, inherited.By) { Inherited = inherited }, cancellationToken),
            _ => throw new InvalidOperationException($"Set {inherited.Id} has no rule."),
        };
    }

    [LoggerMessage(4108, LogLevel.Information, "The recipients of job {Job} are read anew, by the rule of set {Set}", EventName = "lui.recipients.drawn")]
    private partial void LogBegun(long job, long set);

    [LoggerMessage(4109, LogLevel.Error, "The recipients of job {Job} could not be read anew", EventName = "lui.recipients.not-drawn")]
    private partial void LogBroken(Exception error, long job);
}
