// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Folders;

/// <summary>A place for jobs, in a tree that a group shares.</summary>
/// <param name="Id">Its number.</param>
/// <param name="GroupId">The group; 0 for those without one.</param>
/// <param name="ParentId">The folder that it lies in; null at the top.</param>
/// <param name="Name">As people read it.</param>
internal sealed record Folder(long Id, long GroupId, long? ParentId, string Name)
{
    /// <summary>Longest name in characters.</summary>
    public const int LongestName = 100;

    /// <summary>How deep folders may lie in each other.</summary>
    public const int Deepest = 8;

    /// <summary>Checks a name.</summary>
    public static Outcome<string> CheckName(string name)
    {
        var trimmed = name.Trim();
        return trimmed.Length is 0 or > LongestName || trimmed.Any(char.IsControl) ? FolderRefusals.BadName() : trimmed;
    }

    /// <summary>Why a folder may not lie there; null if it may.</summary>
    /// <param name="tree">All folders of its group as they are.</param>
    /// <param name="id">The folder; 0 for a new one.</param>
    /// <param name="parent">Where it shall lie; null at the top.</param>
    public static Refusal? CheckPlace(IReadOnlyCollection<Folder> tree, long id, long? parent)
    {
        var above = 0;
        for (var at = parent; at is { } place; above++)
        {
            if (tree.FirstOrDefault(folder => folder.Id == place) is not { } found)
            {
                return FolderRefusals.NotFound(place);
            }

            if (found.Id == id)
            {
                return FolderRefusals.InItself(found.Name);
            }

            at = found.ParentId;
        }

        return above + HeightOf(tree, id) > Deepest ? FolderRefusals.TooDeep() : null;
    }

    private static int HeightOf(IReadOnlyCollection<Folder> tree, long id) =>
        1 + (id == 0 ? 0 : tree.Where(folder => folder.ParentId == id).Select(folder => HeightOf(tree, folder.Id)).DefaultIfEmpty(0).Max());
}
