// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Media;

/// <summary>Puts an image into the library. The same bytes are there once.</summary>
internal sealed class AddPicture(Database database, StoredFileStore files, MediaSettings settings, TimeProvider clock)
{
    public sealed record Command(Actor Who, string Name, Stream Content, string Alt = "");

    public async Task<Outcome<Picture>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (command.Alt.Length > DescribePicture.MostCharacters)
        {
            return MediaRefusals.AltTooLong(DescribePicture.MostCharacters);
        }

        if (await FileContent.Read(command.Content, settings.MaxMediaMegabytes * 1024L * 1024L, cancellationToken) is not { } content)
        {
            return MediaRefusals.TooLarge(settings.MaxMediaMegabytes);
        }

        var nature = FileNature.Of(command.Name, content.Content);
        if (!nature.IsPicture)
        {
            return MediaRefusals.NoPicture(command.Name);
        }

        var picture = new Picture(
            Picture.KeyOf(content.Digest), content.Digest, command.Name, command.Alt.Trim(), nature.ContentType, content.Content.Length, command.Who, clock.GetUtcNow());
        await database.Write(
            async transaction =>
            {
                await files.Keep(transaction, content, cancellationToken);
                await PictureStore.Save(transaction, picture, cancellationToken);
            },
            cancellationToken);
        return picture;
    }
}
