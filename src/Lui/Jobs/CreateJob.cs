// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs.Codes;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs;

/// <summary>Makes a mail job.</summary>
internal sealed class CreateJob(JobStore store, InstallationZone zone, TimeProvider clock)
{
    /// <param name="Title">Its title.</param>
    /// <param name="Who">Who makes it, and owns it.</param>
    /// <param name="Folder">The folder in which it lies; one that they do not find is none.</param>
    /// <param name="Prefix">What stands before its code; empty for nothing.</param>
    public sealed record Command(string Title, Actor Who, long? Folder = null, string? Prefix = null);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var blank = new Job { Id = 0, Code = "", Title = "", Owner = command.Who, CreatedAt = now };
        if (!blank.Rename(command.Title).Is(out var titled, out var refusal))
        {
            return refusal;
        }

        var prefix = (command.Prefix ?? "").Trim().ToUpperInvariant();
        if (!JobCode.IsPrefix(prefix))
        {
            return JobRefusals.Prefix(prefix);
        }

        var folder = command.Folder is { } wanted && await store.FindsFolder(command.Who, wanted, cancellationToken) ? command.Folder : null;
        return await store.Create(
            zone.Today,
            (id, code) => titled with { Id = id, Code = JobCode.WithPrefix(prefix, code), FolderId = folder },
            new JournalEntry(now, command.Who, "created", JobsWords.DidCreate),
            cancellationToken);
    }
}
