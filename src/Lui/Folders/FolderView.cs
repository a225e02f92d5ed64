// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Folders;

/// <summary>A folder as pages show it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Parent">The folder that it lies in; null at the top.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Path">The names from the top down to it.</param>
public sealed record FolderView(long Id, long? Parent, string Name, string Path)
{
    private const string Separator = " / ";

    /// <summary>The views of all folders, those with the first names first.</summary>
    internal static IReadOnlyList<FolderView> Of(IReadOnlyCollection<Folder> all) =>
        [.. all.Select(folder => new FolderView(folder.Id, folder.ParentId, folder.Name, PathOf(folder, all))).OrderBy(view => view.Path, StringComparer.CurrentCultureIgnoreCase)];

    private static string PathOf(Folder folder, IReadOnlyCollection<Folder> all)
    {
        var names = new List<string>();
        for (var at = folder; at is not null && names.Count <= Folder.Deepest; at = all.FirstOrDefault(one => one.Id == at.ParentId))
        {
            names.Insert(0, at.Name);
        }

        return string.Join(Separator, names);
    }
}
