// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Corridor.Ini;

/// <summary>Looks for <c>commands/ssl.ini</c>, so that a slip in its name never leads to a server that is silently plain.</summary>
internal static class SslIniPlace
{
    private const string FileName = "ssl.ini";

    /// <summary>Is it there, and what else looks as if it were meant?</summary>
    public static SslIniReading Look(HomeFolder home)
    {
        var folder = Path.GetDirectoryName(home.SslIni)!;

        // By listing, because a dangling link does not "exist" and because some file systems know no case.
        List<string> names = [];
        try
        {
            names = Directory.Exists(folder) ? [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new SslIniReading(true, null, [new Complaint("commands", null, null, $"the folder cannot be read: {e.Message}", "ssl.unreadable")], []);
        }

        var exists = names.Contains(FileName);
        var lookAlikes = names.Where(name => name != FileName && IsLookAlike(name)).ToList();
        List<Complaint> warnings = [];
        if (!exists)
        {
            foreach (var place in (string[])[FileName, "conf/" + FileName, "command/" + FileName])
            {
                if (File.Exists(Path.Combine(home.Path, place)))
                {
                    warnings.Add(new Complaint(place, null, null, "lies in the wrong place and does not count. The file belongs into commands/.", "ssl.file-name"));
                }
            }

            return new SslIniReading(false, null, [.. lookAlikes.Select(name => Complain(name, "is not the name of the file. Rename it to ssl.ini (all lower case, with the letter l)."))], warnings);
        }

        return new SslIniReading(true, null, [], [.. lookAlikes.Select(name => Complain(name, "does not count beside ssl.ini. Remove it."))]);
    }

    private static Complaint Complain(string name, string words) => new("commands/" + name, null, null, words, "ssl.file-name");

    private static bool IsLookAlike(string name)
    {
        var plain = name.Replace('1', 'l').Replace('I', 'l').ToLowerInvariant();
        return plain is "ssl.ini" or "ssl.lnl" or "ssl.lni" or "ssl.inl" or "ssl.ini.txt" or "ssl.lnl.txt";
    }
}
