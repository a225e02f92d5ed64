// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;

namespace Tutti.Wiring.Configuration;

/// <summary>
/// The mark on a component that was exported to another server: it does not start here again, so that there are never two
/// of it alive.
/// </summary>
/// <param name="Archive">The number of the archive it went into.</param>
/// <param name="At">When.</param>
/// <param name="File">Where that archive was written.</param>
public sealed record MovedMark(string Archive, DateTimeOffset At, string File)
{
    /// <summary>Where the mark of a component lies.</summary>
    public static string PathIn(ComponentFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Path.Combine(folder.Path, "moved.json");
    }

    /// <summary>The mark of a component, or null if it lives here.</summary>
    public static MovedMark? Find(ComponentFolder folder) =>
        System.IO.File.Exists(PathIn(folder)) ? JsonSerializer.Deserialize<MovedMark>(System.IO.File.ReadAllText(PathIn(folder))) : null;

    /// <summary>Leaves the mark; on disk when this returns.</summary>
    public void Leave(ComponentFolder folder) => PrivateFile.Replace(PathIn(folder), JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>What people hear who try to start it.</summary>
    public string Explain(ComponentFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{folder.Name} was exported on {At:yyyy-MM-dd HH:mm} UTC to {File} and must not run here while it may run elsewhere. If that archive was never imported, take it back with: tutti move cancel {folder.Name}");
    }
}
