// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Media;

/// <summary>Says in words what an image of the library shows.</summary>
internal sealed class DescribePicture(PictureStore store)
{
    /// <summary>Longest words in characters.</summary>
    public const int MostCharacters = 500;

    public async Task<Outcome<Picture>> Handle(string key, string alt, CancellationToken cancellationToken)
    {
        if (alt.Length > MostCharacters)
        {
            return MediaRefusals.AltTooLong(MostCharacters);
        }

        return await store.Describe(key, alt.Trim(), cancellationToken) && await store.Get(key, cancellationToken) is { } picture ? picture : MediaRefusals.NotFound();
    }
}
