// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Folders;

/// <summary>Every "no" about folders.</summary>
internal static class FolderRefusals
{
    public static Refusal BadName() => new(RefusalKind.Invalid, "folder.name", SharedWords.Fill(FoldersWords.BadName, SharedWords.Number(Folder.LongestName)), "name");

    public static Refusal NameTaken(string name) => new(RefusalKind.Conflict, "folder.name-taken", SharedWords.Fill(FoldersWords.NameTaken, name), "name");

    public static Refusal NotFound(long id) => new(RefusalKind.NotFound, "folder.not-found", SharedWords.Fill(FoldersWords.NoSuchFolder, id.ToString(CultureInfo.InvariantCulture)));

    public static Refusal InItself(string name) => new(RefusalKind.Invalid, "folder.in-itself", SharedWords.Fill(FoldersWords.InItself, name), "parent");

    public static Refusal TooDeep() => new(RefusalKind.Invalid, "folder.too-deep", SharedWords.Fill(FoldersWords.TooDeep, SharedWords.Number(Folder.Deepest)), "parent");
}
