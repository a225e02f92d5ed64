// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Media;

/// <summary>Every "no" about images of the library.</summary>
internal static class MediaRefusals
{
    private const int MostNamed = 10;

    public static Refusal TooLarge(int megabytes) => new(RefusalKind.Invalid, "media.too-large", SharedWords.Fill(MediaWords.TooLarge, SharedWords.Number(megabytes)), "file");

    public static Refusal NoPicture(string name) => new(RefusalKind.Invalid, "media.no-picture", SharedWords.Fill(MediaWords.NoPicture, name), "file");

    public static Refusal AltTooLong(int most) => new(RefusalKind.Invalid, "media.alt", SharedWords.Fill(MediaWords.AltTooLong, SharedWords.Number(most)), "alt");

    public static Refusal NotFound() => new(RefusalKind.NotFound, "media.not-found", MediaWords.NotFound);

    public static Refusal InUse(Picture picture, IReadOnlyList<string> jobs) => new(
        RefusalKind.Conflict,
        "media.in-use",
        SharedWords.Counted(MediaWords.InUse, jobs.Count, picture.Name, string.Join(", ", jobs.Take(MostNamed)) + (jobs.Count > MostNamed ? " …" : "")));
}
