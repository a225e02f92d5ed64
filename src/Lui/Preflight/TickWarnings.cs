// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Preflight;

/// <summary>Lets warnings of the preflight pass, or takes that back. The journal says who did so.</summary>
internal sealed class TickWarnings(Database database, JobStore jobs, PreflightStore store, PreflightGate gate, TimeProvider clock)
{
    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who ticks.</param>
    /// <param name="Keys">The findings; null for every warning of the last look.</param>
    /// <param name="On">False takes ticks back.</param>
    public sealed record Command(long JobId, Actor Who, IReadOnlyList<string>? Keys, bool On = true);

    public async Task<Outcome<PreflightReport>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await jobs.Find(command.JobId, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        if (job.State != JobState.Open)
        {
            return JobRefusals.NotOpen(job);
        }

        if (await store.Find(job.Id, cancellationToken) is not { } report)
        {
            return PreflightRefusals.NotLooked(job);
        }

        var warnings = report.Findings.Where(finding => finding.Level == PreflightLevel.Warning).DistinctBy(finding => finding.Key).ToDictionary(finding => finding.Key);
        var keys = command.Keys ?? [.. warnings.Keys];
        if (keys.FirstOrDefault(key => !warnings.ContainsKey(key)) is { } unknown)
        {
            return PreflightRefusals.NoWarning(unknown);
        }

        // What was found must still be what would be found: nobody lets pass what nobody has looked at.
        if (command.On && await gate.Current(job, cancellationToken) is null)
        {
            return PreflightRefusals.Outdated(job);
        }

        var now = clock.GetUtcNow();
        var outcome = await database.Write(
            async transaction =>
            {
                var held = await jobs.Hold(transaction, job.Id, job.Version, command.Who, cancellationToken);
                if (held.IsRefused)
                {
                    return held;
                }

                foreach (var finding in keys.Select(key => warnings[key]).Where(finding => report.TickOf(finding) is null == command.On))
                {
                    await (command.On
                        ? PreflightStore.Tick(transaction, job.Id, new PreflightTick(finding.Key, command.Who, now), cancellationToken)
                        : PreflightStore.Untick(transaction, job.Id, finding.Key, cancellationToken));
                    var words = SharedWords.Fill(command.On ? PreflightWords.DidTick : PreflightWords.DidUntick, finding.Words);
                    await JobStore.Write(transaction, job.Id, new JournalEntry(now, command.Who, command.On ? "warning-ticked" : "warning-unticked", words), cancellationToken);
                }

                return held;
            },
            cancellationToken);
        return outcome.IsRefused ? outcome.Refusal : (await store.Find(job.Id, cancellationToken))!;
    }
}
