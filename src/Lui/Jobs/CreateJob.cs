// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs.Codes;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs;

/// <summary>Makes a mail job.</summary>
internal sealed class CreateJob(JobStore store, InstallationZone zone, TimeProvider clock)
{
    public sealed record Command(string Title, Actor Who);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var blank = new Job { Id = 0, Code = "", Title = "", Owner = command.Who, CreatedAt = now };
        if (!blank.Rename(command.Title).Is(out var titled, out var refusal))
        {
            return refusal;
        }

        return await store.Create(
            zone.Today,
            (id, code) => titled with { Id = id, Code = code },
            new JournalEntry(now, command.Who, "created", JobsWords.DidCreate),
            cancellationToken);
    }
}
