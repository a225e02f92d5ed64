// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Text;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Corridor.Ini;

/// <summary>
/// Reads <c>commands/ssl.ini</c>, the one switch of the corridor: without the file this server is plain, with it secured,
/// and with one that is wrong in any way it does not start. Nothing else - no variable, no key elsewhere - has a say.
/// </summary>
internal static class SslIniReader
{
    private static readonly string[] _keys = [SslIni.ClientsKey, SslIni.PathKey, SslIni.PasswordKey];

    /// <summary>Reads the file of a home.</summary>
    /// <param name="home">The installation folder.</param>
    /// <param name="hostName">This server's name, which has to be in the list.</param>
    /// <param name="environment">Environment variables, none of which may try to set an entry.</param>
    public static SslIniReading Read(HomeFolder home, string hostName, IDictionary environment)
    {
        var place = SslIniPlace.Look(home);
        List<Complaint> refusals = [.. place.Refusals, .. OfEnvironment(environment)];
        if (!place.Exists)
        {
            return new SslIniReading(refusals.Count > 0, null, refusals, place.Warnings);
        }

        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(home.SslIni);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var words = e is FileNotFoundException or DirectoryNotFoundException ? "is a link that leads nowhere." : $"cannot be read: {e.Message}";
            refusals.Add(new Complaint(SslIni.Name, null, null, $"{words} It must be a text file that the user {Environment.UserName} can read.", "ssl.unreadable"));
            return new SslIniReading(true, null, refusals, place.Warnings);
        }

        var parsed = Parse(bytes, hostName, OperatingSystem.IsWindows());
        return new SslIniReading(
            true,
            refusals.Count == 0 ? parsed.Ini : null,
            [.. refusals, .. parsed.Refusals],
            [.. place.Warnings, .. parsed.Warnings, .. FilePermissions.Check(home.SslIni, SslIni.Name, null)]);
    }

    /// <summary>Reads the bytes of a file.</summary>
    public static SslIniReading Parse(byte[] bytes, string hostName, bool isWindows)
    {
        if (TextOf(bytes, out var problem) is not { } text)
        {
            return new SslIniReading(true, null, [problem!], []);
        }

        var file = IniFile.Parse(SslIni.Name, text);
        List<Complaint> refusals = [.. OfSyntax(file), .. OfKeys(file)];
        List<Complaint> warnings = [];
        var clients = Given(file, SslIni.ClientsKey) is { } list ? ClientList.Read(list, hostName, refusals, warnings) : [];
        var path = Given(file, SslIni.PathKey);
        if (path is not null && ProblemOf(path, isWindows) is { } ofPath)
        {
            refusals.Add(ofPath);
        }

        var password = Given(file, SslIni.PasswordKey);
        var secret = password is null ? null : ReadPassword(password, isWindows, refusals);
        return refusals.Count > 0
            ? new SslIniReading(true, null, refusals, warnings)
            : new SslIniReading(true, new SslIni(clients, path!.Value, new Secret(secret!), path.Line, password!.Line, HintOf(password)), [], warnings);
    }

    private static IEnumerable<Complaint> OfEnvironment(IDictionary environment) => environment.Keys
        .OfType<string>()
        .Where(name => name.StartsWith("TUTTI_SSL_", StringComparison.OrdinalIgnoreCase))
        .Order(StringComparer.Ordinal)
        .Select(name => new Complaint("environment", null, name, "entries of commands/ssl.ini cannot be set from outside. Remove the variable and write the entry into the file.", "ssl.extra-entry"));

    private static string? TextOf(byte[] bytes, out Complaint? problem)
    {
        problem = null;
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
            if (text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var at)
            {
                problem = new Complaint(SslIni.Name, LineAt(bytes, at), null, "there is a zero byte. Save the file as text in UTF-8.", "ssl.syntax");
                return null;
            }

            return text;
        }
        catch (DecoderFallbackException e)
        {
            problem = new Complaint(SslIni.Name, LineAt(bytes, Math.Max(0, e.Index)), null, "is not in UTF-8. Save the file in that encoding.", "ssl.syntax");
            return null;
        }
    }

    private static int LineAt(byte[] bytes, int index) => 1 + bytes.AsSpan(0, Math.Min(index, bytes.Length)).Count((byte)'\n');

    private static IEnumerable<Complaint> OfSyntax(IniFile file)
    {
        foreach (var entry in file.Malformed)
        {
            yield return entry.Key == SslIni.PathKey
                ? SingleBackslash(entry, "which INI cannot read", PathRule.Doubled(entry.Raw) ?? entry.Raw)
                : new Complaint(SslIni.Name, entry.Line, entry.Key, @"has a \u that is not followed by four hexadecimal digits. Write a backslash as \\.", "ssl.syntax");
        }
    }

    private static IEnumerable<Complaint> OfKeys(IniFile file)
    {
        foreach (var key in _keys.Where(key => file.Find(key) is null && !file.Malformed.Any(entry => entry.Key == key)))
        {
            yield return new Complaint(SslIni.Name, null, key, "is missing. The file has exactly three entries: SSLAllowedClients, SSLKeystorePath and SSLKeystorePassword.", "ssl.missing-entry");
        }

        HashSet<string> seen = [];
        foreach (var entry in file.Entries)
        {
            if (!_keys.Contains(entry.Key))
            {
                yield return new Complaint(SslIni.Name, entry.Line, entry.Key, "does not belong here. " + HintFor(entry), "ssl.extra-entry");
            }
            else if (!seen.Add(entry.Key))
            {
                yield return new Complaint(
                    SslIni.Name, entry.Line, entry.Key, $"stands already on line {file.Entries.First(first => first.Key == entry.Key).Line}. Keep one of the two.", "ssl.duplicate-entry");
            }
            else if (entry.Value.Length == 0)
            {
                yield return new Complaint(SslIni.Name, entry.Line, entry.Key, "has no value.", "ssl.empty-value");
            }
        }
    }

    private static string HintFor(IniEntry entry)
    {
        var near = _keys.FirstOrDefault(key => entry.Key.Contains(key, StringComparison.OrdinalIgnoreCase))
            ?? _keys.FirstOrDefault(key => entry.Key.Length >= 5 && (key.Contains(entry.Key, StringComparison.OrdinalIgnoreCase) || Distance(key, entry.Key) <= 4));
        return near switch
        {
            _ when near is not null && entry.Key.StartsWith(near + ".", StringComparison.Ordinal) => $"{near} counts for all components of this server; nothing can be set for one of them.",
            not null => $"Did you mean {near}?",
            _ when entry.Value.Length == 0 || entry.Key.Contains('.', StringComparison.Ordinal) || entry.Key.Contains(',', StringComparison.Ordinal) =>
                "The list of SSLAllowedClients must be one line.",
            _ => "The file has exactly three entries: SSLAllowedClients, SSLKeystorePath and SSLKeystorePassword.",
        };
    }

    /// <summary>How many letters differ, without regard to case; an upper bound is enough to find a slip of the finger.</summary>
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var isSame = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                current[j] = Math.Min(Math.Min(current[j - 1] + 1, previous[j] + 1), previous[j - 1] + (isSame ? 0 : 1));
            }

            previous = current;
        }

        return previous[right.Length];
    }

    private static IniEntry? Given(IniFile file, string key) => file.Entries.FirstOrDefault(entry => entry.Key == key) is { Value.Length: > 0 } entry ? entry : null;

    private static Complaint? ProblemOf(IniEntry path, bool isWindows)
    {
        if (PathRule.Doubled(path.Raw) is { } corrected)
        {
            return SingleBackslash(path, $"which INI reads as '{Visible(path.Value)}'", corrected);
        }

        return PathRule.Problem(path.Value, isWindows) is { } problem ? new Complaint(SslIni.Name, path.Line, path.Key, problem, "ssl.path-relative") : null;
    }

    private static Complaint SingleBackslash(IniEntry path, string reading, string corrected) => new(
        SslIni.Name, path.Line, path.Key, $"'{path.Raw}' has a single backslash, {reading}. Double each backslash or write slashes: {SslIni.PathKey}={corrected}", "ssl.path-backslash");

    private static string Visible(string text) => text
        .Replace("\t", "<TAB>", StringComparison.Ordinal)
        .Replace("\n", "<LF>", StringComparison.Ordinal)
        .Replace("\r", "<CR>", StringComparison.Ordinal)
        .Replace("\f", "<FF>", StringComparison.Ordinal);

    private static string? ReadPassword(IniEntry entry, bool isWindows, List<Complaint> refusals)
    {
        const string FilePrefix = "file:";
        if (!entry.Value.StartsWith(FilePrefix, StringComparison.Ordinal))
        {
            return entry.Value;
        }

        var path = entry.Value[FilePrefix.Length..];
        if (PathRule.Problem(path, isWindows) is { } problem)
        {
            refusals.Add(new Complaint(SslIni.Name, entry.Line, entry.Key, $"after file: {problem}", "ssl.path-relative"));
            return null;
        }

        try
        {
            if (File.ReadLines(path).FirstOrDefault() is { Length: > 0 } line)
            {
                return line;
            }

            refusals.Add(new Complaint(SslIni.Name, entry.Line, entry.Key, $"the first line of {path} is empty. It must be the password.", "ssl.empty-value"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            refusals.Add(new Complaint(SslIni.Name, entry.Line, entry.Key, $"the file {path} with the password cannot be read: {e.Message}", "ssl.unreadable"));
        }

        return null;
    }

    private static string HintOf(IniEntry password)
    {
        if (password.Value.Length > 0 && char.IsWhiteSpace(password.Value[^1]))
        {
            return " The value ends with a blank, which counts.";
        }

        return PathRule.Doubled(password.Raw) is null ? "" : @" The value has a single backslash, which INI takes for an escape; write \\ if it belongs to the password.";
    }
}
