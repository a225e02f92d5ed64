// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Files;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Media;

/// <summary>Takes an image out of the library, unless a message shows it or has shown it.</summary>
internal sealed class RemovePicture(Database database, PictureStore store, StoredFileStore files)
{
    public async Task<Outcome<Picture>> Handle(string key, CancellationToken cancellationToken)
    {
        if (await store.Get(key, cancellationToken) is not { } picture)
        {
            return MediaRefusals.NotFound();
        }

        var outcome = await database.Write<Outcome<Picture>>(
            async transaction =>
            {
                if (await PictureStore.Uses(transaction, picture, cancellationToken) is { Count: > 0 } jobs)
                {
                    return MediaRefusals.InUse(picture, jobs);
                }

                await PictureStore.Remove(transaction, key, cancellationToken);
                return picture;
            },
            cancellationToken);
        await files.RemoveUnused(cancellationToken);
        return outcome;
    }
}
