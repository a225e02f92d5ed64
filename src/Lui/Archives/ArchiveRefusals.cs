// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Archives;

/// <summary>Every "no" about archives.</summary>
internal static class ArchiveRefusals
{
    public static Refusal NotOver(Job job) => new(RefusalKind.Conflict, "archive.not-over", SharedWords.Fill(ArchivesWords.NotOver, job.Code));

    public static Refusal StillBusy(Job job) => new(RefusalKind.Conflict, "archive.busy", SharedWords.Fill(ArchivesWords.StillBusy, job.Code));

    public static Refusal IsArchived(Job job) => new(RefusalKind.Conflict, "archive.archived", SharedWords.Fill(ArchivesWords.IsArchived, job.Code));

    public static Refusal NotArchived(Job job) => new(RefusalKind.Conflict, "archive.not-archived", SharedWords.Fill(ArchivesWords.NotArchived, job.Code));

    public static Refusal Days() => new(RefusalKind.Invalid, "archive.days", SharedWords.Fill(ArchivesWords.BadDays, SharedWords.Number(ChooseArchiveAfter.MostDays)), "days");

    public static Refusal FileGone(string path) => new(RefusalKind.Unavailable, "archive.file-gone", SharedWords.Fill(ArchivesWords.FileGone, path));

    public static Refusal FileChanged(string path) => new(RefusalKind.Unavailable, "archive.file-changed", SharedWords.Fill(ArchivesWords.FileChanged, path));

    public static Refusal NoArchive() => new(RefusalKind.Invalid, "archive.no-archive", ArchivesWords.NoArchive, "file");

    public static Refusal Newer(int version) => new(
        RefusalKind.Invalid, "archive.newer", SharedWords.Fill(ArchivesWords.Newer, SharedWords.Number(version), SharedWords.Number(Format.ArchiveManifest.Newest)), "file");

    public static Refusal OtherParts() => new(RefusalKind.Invalid, "archive.parts", ArchivesWords.OtherParts, "file");

    public static Refusal BadPart(string part) => new(RefusalKind.Invalid, "archive.part", SharedWords.Fill(ArchivesWords.BadPart, part), "file");

    public static Refusal TooMuch() => new(RefusalKind.Invalid, "archive.too-much", ArchivesWords.TooMuch, "file");

    public static Refusal AlreadyIn(string job) => new(RefusalKind.Conflict, "archive.already-in", SharedWords.Fill(ArchivesWords.AlreadyIn, job), "file");

    public static Refusal TooLarge(int megabytes) => new(RefusalKind.Invalid, "upload.too-large", SharedWords.Fill(Files.FilesWords.TooLarge, SharedWords.Number(megabytes)), "file");
}
