// SPDX-License-Identifier: Apache-2.0
using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Moving;

/// <summary>An archive with components: a plain tar file, its manifest first.</summary>
internal static class MoveArchive
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The files of a component that go along; logs, backups and marks stay.</summary>
    public static IReadOnlyList<MovedFile> FilesOf(HomeFolder home, string component)
    {
        var folder = home.Component(component);
        return
        [
            .. Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories)
                .Where(file => !IsBelow(file, folder.Logs) && !IsBelow(file, folder.Backup) && file != MovedMark.PathIn(folder) && Path.GetFileName(file) != ".lock")
                .Order(StringComparer.Ordinal)
                .Select(file => Describe(home, file)),
        ];
    }

    /// <summary>Writes an archive; it is whole and on disk when this returns, or not there.</summary>
    public static void Write(string target, HomeFolder home, MoveManifest manifest)
    {
        var draft = target + ".part";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        // One that was killed may have left its own behind.
        File.Delete(draft);
        try
        {
            using (var stream = new FileStream(draft, options))
            {
                using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
                {
                    var head = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest));
                    tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, MoveManifest.EntryName) { DataStream = head, Mode = OwnerOnly });
                    foreach (var file in manifest.Files)
                    {
                        using var content = File.OpenRead(Path.Combine(home.Path, file.Path));
                        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, file.Path) { DataStream = content, Mode = OwnerOnly });
                    }
                }

                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, target, overwrite: false);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Reads the manifest alone.</summary>
    /// <exception cref="Complaint">The file is no archive of ours.</exception>
    public static MoveManifest ReadManifest(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            using var tar = new TarReader(stream);
            if (tar.GetNextEntry() is { Name: MoveManifest.EntryName, DataStream: { } content } && JsonSerializer.Deserialize<MoveManifest>(content) is { } manifest)
            {
                return manifest;
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException or EndOfStreamException)
        {
            // The same as an archive of somebody else.
        }

        throw new Complaint(ExitCode.Refused, $"{file} is not an archive that 'tutti move export' wrote, or its beginning is damaged.");
    }

    /// <summary>Unpacks into a folder and compares every file with the manifest.</summary>
    /// <exception cref="Complaint">A file is missing, damaged or not in the manifest.</exception>
    public static void Unpack(string archive, MoveManifest manifest, string folder)
    {
        var expected = manifest.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        try
        {
            using var stream = File.OpenRead(archive);
            using var tar = new TarReader(stream);
            _ = tar.GetNextEntry();
            while (tar.GetNextEntry() is { } entry)
            {
                if (!expected.Remove(entry.Name, out var file) || entry.EntryType is not TarEntryType.RegularFile || !IsBelow(Path.GetFullPath(Path.Combine(folder, entry.Name)), folder))
                {
                    throw Damaged(archive, $"holds '{entry.Name}', which its list does not name");
                }

                Unpack(entry, file, archive, Path.Combine(folder, file.Path));
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(archive, "breaks off");
        }

        if (expected.Count > 0)
        {
            throw Damaged(archive, $"lacks {expected.Count} of its {manifest.Files.Count} files, such as {expected.Keys.First()}");
        }
    }

    private static void Unpack(TarEntry entry, MovedFile file, string archive, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var output = new FileStream(target, options);
        entry.DataStream?.CopyTo(output);
        output.Flush(flushToDisk: true);
        output.Position = 0;
        if (output.Length != file.Size || !Convert.ToHexStringLower(SHA256.HashData(output)).Equals(file.Sha256, StringComparison.Ordinal))
        {
            throw Damaged(archive, $"has another content of {file.Path} than its list says");
        }
    }

    private static MovedFile Describe(HomeFolder home, string path)
    {
        using var content = File.OpenRead(path);
        return new MovedFile(Path.GetRelativePath(home.Path, path).Replace('\\', '/'), content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder.TrimEnd('/') + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static Complaint Damaged(string archive, string how) =>
        new(ExitCode.Refused, $"{archive} is damaged: it {how}. Copy it again from the server where it was made. Nothing was changed here.");
}
