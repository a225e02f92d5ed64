// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Corridor.Ini;

/// <summary>Warns of files with secrets that others can read or change, with the command that mends it.</summary>
internal static class FilePermissions
{
    private const UnixFileMode NotOwner = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>What is wrong with a file and with the folder it lies in.</summary>
    /// <param name="path">Absolute path of the file.</param>
    /// <param name="source">The file that the warning is about, as it stands in messages.</param>
    /// <param name="key">The key that names it, or null.</param>
    public static IEnumerable<Complaint> Check(string path, string source, string? key)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
        {
            yield break;
        }

        var target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        if ((File.GetUnixFileMode(target) & NotOwner) != 0)
        {
            yield return new Complaint(source, null, key, $"others than its owner can read or change {target}. Mend it: chmod 600 {Quoted(target)}", "ssl.permissions");
        }

        var folder = Path.GetDirectoryName(target)!;
        var mode = File.GetUnixFileMode(folder);

        // In a folder with the sticky bit only the owner of a file can replace it.
        if ((mode & OthersWrite) != 0 && !mode.HasFlag(UnixFileMode.StickyBit))
        {
            yield return new Complaint(source, null, key, $"others than its owner can replace files in {folder}. Mend it: chmod go-w {Quoted(folder)}", "ssl.permissions");
        }
    }

    private static string Quoted(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') ? path : $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
