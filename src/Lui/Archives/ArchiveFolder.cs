// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Archives;

/// <summary>The folder in which archives lie. Where several nodes share the work it is a folder that all of them see.</summary>
internal sealed class ArchiveFolder(ArchiveSettings settings, ComponentFolder component)
{
    private const string Unfinished = ".part";

    /// <summary>Its path.</summary>
    public string Path { get; } = settings.ArchiveFolder.Length > 0 ? settings.ArchiveFolder : System.IO.Path.Combine(component.Path, "archive");

    /// <summary>Where something is written that is not finished.</summary>
    public string Draft(string name)
    {
        Directory.CreateDirectory(Path);
        return System.IO.Path.Combine(Path, name + Unfinished);
    }

    /// <summary>Where a file lies, there or not.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, System.IO.Path.GetFileName(name));

    /// <summary>Gives a file that is on the disk its name.</summary>
    public void Keep(string draft, string name)
    {
        File.Move(draft, PathOf(name), overwrite: true);

        // Once more under its name: file systems with a journal write the renaming down before what is flushed behind it.
        using var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Removes a file, if it is there.</summary>
    public void Remove(string name)
    {
        if (name.Length > 0)
        {
            File.Delete(PathOf(name));
        }
    }
}
