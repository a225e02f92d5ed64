// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Steps;

/// <summary>Decides which changes after a test ask for a new one.</summary>
internal sealed class ChooseTestRule(JobStore store, TimeProvider clock)
{
    public sealed record Command(long JobId, Actor Who, TestRule Rule, long? Version = null);

    public Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return store.Change(
            command.JobId,
            command.Version,
            job => job.TestAgainAfter(command.Rule),
            _ => new JournalEntry(now, command.Who, "test-rule", SharedWords.Fill(JobsWords.DidChooseTestRule, Words.Of(command.Rule))),
            cancellationToken);
    }
}
