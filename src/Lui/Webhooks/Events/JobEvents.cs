// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Webhooks.Events;

/// <summary>What a change of a job is called outside, found from its states before and after: no way to change a job can forget to tell.</summary>
internal static class JobEvents
{
    /// <summary>Leaves the event of a change, if it is one.</summary>
    /// <param name="transaction">The one that changes the job.</param>
    /// <param name="before">The job as it was; null for a new one.</param>
    /// <param name="after">The job as it is now.</param>
    /// <param name="who">Who changed it.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task Write(DbTransaction transaction, Job? before, Job after, Actor who, DateTimeOffset at, CancellationToken cancellationToken) =>
        Between(before, after) is { } type ? Write(transaction, type, after, who, at, cancellationToken) : Task.CompletedTask;

    /// <summary>Leaves an event that no state tells.</summary>
    public static Task Write(DbTransaction transaction, string type, Job job, Actor who, DateTimeOffset at, CancellationToken cancellationToken) => WebhookOutbox.Write(
        transaction,
        [new OutgoingEvent(type, at, job.Id, null, new JobData(job.Code, job.Title, Words.Of(job.State), who.Name, job.DueAt, job.Failure), job.Version)],
        cancellationToken);

    /// <summary>The type of a change, or null if nothing is told of it.</summary>
    internal static string? Between(Job? before, Job after) => (before?.State, after.State) switch
    {
        (null, _) => "job.created",
        (JobState.Open, JobState.Waiting) => "job.authorized",
        (JobState.Waiting, JobState.Open) => "job.revoked",
        (JobState.Waiting, JobState.Processing) => before!.StartedAt is null ? "job.started" : "job.resumed",
        (not JobState.Failed, JobState.Failed) => after.Failure?.Code switch
        {
            JobFailures.StoppedCode => "job.stopped",
            JobFailures.MissedCode => "job.missed",
            _ => "job.failed",
        },
        (JobState.Failed, JobState.Waiting) => "job.retried",
        (JobState.Failed, JobState.Open) => "job.reopened",
        (JobState.Failed, JobState.Completed) => "job.closed",
        (JobState.Processing, JobState.Completed) => "job.completed",
        (JobState.Completed, JobState.Processing) => "job.resumed",
        _ => null,
    };

    private sealed record JobData(string Job, string Title, string State, string By, DateTimeOffset? DueAt, JobFailure? Failure);
}
