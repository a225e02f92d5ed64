// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Moving;

/// <summary>
/// A component that comes back to a server from which it was exported. Its folder is there, with the mark that keeps it from starting;
/// what is imported has to be what became of that very export. The mark goes last: killed before, nothing starts, and the command can be given again.
/// </summary>
internal sealed class ReturningComponent(ComponentFolder folder, MovedMark mark)
{
    /// <summary>In a component's folder: the archives that it came with, one a line, the last one first.</summary>
    public const string Origin = "imported-from";

    /// <summary>The one of a component, or null if its folder has no mark.</summary>
    public static ReturningComponent? Find(ComponentFolder folder) => MovedMark.Find(folder) is { } mark ? new ReturningComponent(folder, mark) : null;

    /// <summary>The archives a component came with, the last one first.</summary>
    public static IReadOnlyList<string> Past(ComponentFolder folder) =>
        File.Exists(Path.Combine(folder.Path, Origin)) ? [.. File.ReadLines(Path.Combine(folder.Path, Origin)).Where(line => line.Length > 0)] : [];

    /// <summary>Sees to it that no older state comes back.</summary>
    /// <param name="archive">The archive's file.</param>
    /// <param name="manifest">Its first entry.</param>
    /// <param name="unpacked">The component as it is in the archive.</param>
    /// <exception cref="Complaint">It is not what became of the export that this server made.</exception>
    public void Check(string archive, MoveManifest manifest, ComponentFolder unpacked)
    {
        if (manifest.Archive == mark.Archive)
        {
            throw new Complaint(
                ExitCode.Refused,
                $"{archive} is what was exported from here on {mark.At:yyyy-MM-dd HH:mm} UTC. If it was never imported anywhere, take it back with: tutti move cancel {folder.Name}. Otherwise export {folder.Name} where it ran last, and import that. Nothing was changed.");
        }

        if (!Past(unpacked).Contains(mark.Archive))
        {
            throw new Complaint(
                ExitCode.Refused,
                $"{archive}, written on {manifest.At:yyyy-MM-dd HH:mm} UTC, is not what became of {folder.Name} since it was exported from here on {mark.At:yyyy-MM-dd HH:mm} UTC to {mark.File}: it is older, or another {folder.Name}. Export it where it ran last, and import that. Nothing was changed.");
        }
    }

    /// <summary>Puts what was unpacked in the place of what was left behind; logs and backups stay.</summary>
    public void Replace(ComponentFolder unpacked)
    {
        foreach (var left in Directory.EnumerateFileSystemEntries(folder.Path).Where(entry => !IsKept(entry)))
        {
            if (Directory.Exists(left))
            {
                Directory.Delete(left, recursive: true);
            }
            else
            {
                File.Delete(left);
            }
        }

        foreach (var fresh in Directory.EnumerateFileSystemEntries(unpacked.Path))
        {
            var target = Path.Combine(folder.Path, Path.GetFileName(fresh));
            if (!IsKept(target))
            {
                Directory.Move(fresh, target);
            }
        }
    }

    /// <summary>From here on it may start here again.</summary>
    public void TakeMarkAway() => File.Delete(MovedMark.PathIn(folder));

    private bool IsKept(string entry) => entry == folder.Logs || entry == folder.Backup || entry == MovedMark.PathIn(folder);
}
