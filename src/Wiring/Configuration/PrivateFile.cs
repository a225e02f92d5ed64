// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Tutti.Wiring.Configuration;

/// <summary>Files that only their owner may read: keys, keystores, configuration with passwords. Whoever looks sees the old one or the new one, whole.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Puts a file in place, in one step; killed at any moment the old one is still there. Its owner stays who it was.</summary>
    /// <param name="path">Where. A symbolic link stays, its target is replaced.</param>
    /// <param name="content">All of it.</param>
    /// <param name="keptAt">The moment after which a copy of the old file is named, <c>NAME.2026-11-24T101500Z</c>; null keeps none.</param>
    /// <returns>The path of that copy, or null if there was no file before or none was to be kept.</returns>
    public static string? Replace(string path, ReadOnlySpan<byte> content, DateTimeOffset? keptAt = null)
    {
        path = (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? Path.GetFullPath(path);
        var kept = keptAt is { } moment && File.Exists(path) ? Keep(path, moment) : null;
        var draft = Draft(path, content);
        try
        {
            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }

        return kept;
    }

    private static string Keep(string path, DateTimeOffset moment)
    {
        var draft = Draft(path, File.ReadAllBytes(path));
        var name = $"{path}.{moment.UtcDateTime.ToString("yyyy-MM-dd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
        for (var number = 1; ; number++)
        {
            var candidate = number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
            try
            {
                File.Move(draft, candidate, overwrite: false);
                return candidate;
            }
            catch (IOException) when (File.Exists(candidate))
            {
                // Two changes within one second.
            }
        }
    }

    private static string Draft(string path, ReadOnlySpan<byte> content)
    {
        var draft = $"{path}.{RandomNumberGenerator.GetHexString(8)}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using (var stream = new FileStream(draft, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            KeepOwner(File.Exists(path) ? path : Path.GetDirectoryName(path)!, draft);
            return draft;
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    // Root often runs the command, and a service with fewer rights has to read the file.
    private static void KeepOwner(string like, string draft)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return;
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo("chown", [$"--reference={like}", "--", draft]) { RedirectStandardError = true });
            process?.WaitForExit();
        }
        catch (Win32Exception)
        {
            // A system without chown: the file stays with the one who wrote it.
        }
    }
}
