// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Steps;

/// <summary>Does not accept the delivery test: something has to be changed first. The journal keeps who said so and why.</summary>
internal sealed class RejectTest(JobStore store, TimeProvider clock)
{
    private const int MostCharacters = 500;

    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who looked at the test.</param>
    /// <param name="Why">What is wrong with it; may be empty.</param>
    /// <param name="Version">The version of the job that people saw.</param>
    public sealed record Command(long JobId, Actor Who, string? Why = null, long? Version = null);

    public Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var why = string.Concat((command.Why ?? "").Trim().Take(MostCharacters));
        return store.Change(
            command.JobId,
            command.Version,
            job => job.RejectTest(command.Who, now),
            _ => new JournalEntry(now, command.Who, "test-rejected", why.Length == 0 ? JobsWords.DidRejectTest : SharedWords.Fill(JobsWords.DidRejectTestWhy, why)),
            cancellationToken);
    }
}
