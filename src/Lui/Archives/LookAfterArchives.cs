// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Archives;

/// <summary>One look at everything that is to be done about archives.</summary>
internal sealed class LookAfterArchives(ArchiveStore store, ArchiveJob ask, KeepArchive keep, TakeAway take, PutBack put, LateWishes wishes, TimeProvider clock)
{
    public async Task Handle(CancellationToken cancellationToken)
    {
        foreach (var due in await store.Due(clock.GetUtcNow(), cancellationToken))
        {
            await ask.Handle(new ArchiveJob.Command(due, Actor.Tutti), cancellationToken);
        }

        foreach (var archive in await store.UnderWay(cancellationToken))
        {
            try
            {
                await Advance(archive, cancellationToken);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // Such as a full disk: people see why, and it is tried again.
                await store.Save(archive with { Problem = problem.Message }, cancellationToken);
            }
        }

        await wishes.Handle(cancellationToken);
    }

    private async Task Advance(JobArchive archive, CancellationToken cancellationToken)
    {
        switch (archive.State)
        {
            case ArchiveState.Wanted:
                await keep.Handle(archive, cancellationToken);
                if (await store.Find(archive.JobId, cancellationToken) is { State: ArchiveState.Kept } kept)
                {
                    await take.Handle(kept, cancellationToken);
                }

                break;
            case ArchiveState.Kept:
                await take.Handle(archive, cancellationToken);
                break;
            case ArchiveState.WantedBack:
                await put.Handle(archive, cancellationToken);
                break;
            default:
                break;
        }
    }
}
