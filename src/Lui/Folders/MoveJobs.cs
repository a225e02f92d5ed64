// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Folders;

/// <summary>Puts jobs into a folder: all of them, or none.</summary>
internal sealed class MoveJobs(Database database, JobStore jobs, FolderStore folders, TimeProvider clock)
{
    /// <param name="Who">Who moves them.</param>
    /// <param name="Jobs">Their numbers.</param>
    /// <param name="Folder">Where to; null for no folder.</param>
    public sealed record Command(Actor Who, IReadOnlyCollection<long> Jobs, long? Folder);

    /// <summary>How many were moved.</summary>
    public async Task<Outcome<int>> Handle(Command command, CancellationToken cancellationToken)
    {
        var folder = command.Folder is { } id ? (await folders.Of(command.Who, cancellationToken)).FirstOrDefault(one => one.Id == id) : null;
        if (command.Folder is { } missing && folder is null)
        {
            return FolderRefusals.NotFound(missing);
        }

        var now = clock.GetUtcNow();
        var words = folder is null ? FoldersWords.DidMoveOut : SharedWords.Fill(FoldersWords.DidMove, folder.Name);
        try
        {
            return await database.Write<Outcome<int>>(
                async transaction =>
                {
                    foreach (var job in command.Jobs)
                    {
                        var moved = await jobs.Change(
                            transaction, job, version: null, one => one with { FolderId = command.Folder }, _ => new JournalEntry(now, command.Who, "moved", words), cancellationToken);
                        if (moved.IsRefused)
                        {
                            throw new NotMovedException(moved.Refusal);
                        }
                    }

                    return command.Jobs.Count;
                },
                cancellationToken);
        }
        catch (NotMovedException no)
        {
            return no.Refusal;
        }
    }

    /// <summary>Undoes the transaction; ends here.</summary>
    private sealed class NotMovedException(Refusal refusal) : Exception(refusal.Message)
    {
        public Refusal Refusal { get; } = refusal;
    }
}
