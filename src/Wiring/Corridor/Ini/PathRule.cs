// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tutti.Wiring.Corridor.Ini;

/// <summary>What an absolute path is, by platform. The framework knows only the platform it runs on, and a file may come from another one.</summary>
internal static class PathRule
{
    /// <summary>Null if the path is absolute, else what is wrong with it and what to write.</summary>
    public static string? Problem(string path, bool isWindows)
    {
        if (isWindows ? IsAbsoluteOnWindows(path) : path.StartsWith('/'))
        {
            return null;
        }

        var example = isWindows ? "C:/keys/server.p12" : "/srv/keys/server.p12";
        var words = path switch
        {
            _ when !isWindows && (IsAbsoluteOnWindows(path) || HasDrive(path)) => "is a Windows path, and this is none.",
            ['~', ..] or ['$', ..] => "is not an absolute path; nothing stands in for a part of it here.",
            _ when isWindows && path is ['/' or '\\', ..] => "is not an absolute path, because it names no drive.",
            _ => "is not an absolute path.",
        };
        return $"'{path}' {words} Write the whole path, for example {example}.";
    }

    /// <summary>The line with doubled backslashes if it has a single one, which INI takes for an escape; else null.</summary>
    /// <param name="raw">The value as it stands in the file.</param>
    public static string? Doubled(string raw)
    {
        var corrected = new StringBuilder(raw.Length + 8);
        var hasSingle = false;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                corrected.Append(raw[i]);
                continue;
            }

            corrected.Append(@"\\");
            var isPair = i + 1 < raw.Length && raw[i + 1] == '\\';
            hasSingle |= !isPair;
            i += isPair ? 1 : 0;
        }

        if (!hasSingle)
        {
            return null;
        }

        // A pair at the very start beside single ones was meant as the start of a network path.
        return raw.StartsWith(@"\\", StringComparison.Ordinal) ? @"\\" + corrected : corrected.ToString();
    }

    private static bool IsAbsoluteOnWindows(string path) =>
        (HasDrive(path) && path.Length > 2 && path[2] is '/' or '\\') || IsNetworkPath(path);

    private static bool HasDrive(string path) => path.Length >= 2 && char.IsAsciiLetter(path[0]) && path[1] == ':';

    private static bool IsNetworkPath(string path)
    {
        if (path is not (['/', '/', ..] or ['\\', '\\', ..]))
        {
            return false;
        }

        var parts = path[2..].Split('/', '\\');
        return parts is [{ Length: > 0 }, { Length: > 0 }, _, ..];
    }
}
