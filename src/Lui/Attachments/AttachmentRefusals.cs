// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Attachments;

/// <summary>Every "no" about files that travel with messages.</summary>
internal static class AttachmentRefusals
{
    public static Refusal Empty(string name) => new(RefusalKind.Invalid, "file.empty", SharedWords.Fill(AttachmentsWords.Empty, name), "file");

    public static Refusal TooMany(int most) => new(RefusalKind.Invalid, "file.too-many", SharedWords.Counted(AttachmentsWords.TooMany, most), "file");

    public static Refusal TooLarge(int megabytes) => new(RefusalKind.Invalid, "file.too-large", SharedWords.Fill(AttachmentsWords.TooLarge, SharedWords.Number(megabytes)), "file");

    public static Refusal NoPicture(string name) => new(RefusalKind.Invalid, "file.no-picture", SharedWords.Fill(AttachmentsWords.NoPicture, name), "file");

    public static Refusal NotFound(long id) =>
        new(RefusalKind.NotFound, "file.not-found", SharedWords.Fill(AttachmentsWords.NotFound, id.ToString(CultureInfo.InvariantCulture)));
}
