// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Corridor.Ini;

/// <summary>Reads <c>SSLAllowedClients</c>: names and single commas, nothing else.</summary>
internal static class ClientList
{
    private const string Loopback = "localhost";

    /// <summary>The names, normalised, each once; complaints go to the lists.</summary>
    public static IReadOnlyList<string> Read(IniEntry entry, string hostName, List<Complaint> refusals, List<Complaint> warnings)
    {
        void Refuse(string code, string message) => refusals.Add(new Complaint(SslIni.Name, entry.Line, entry.Key, message, code));
        var value = entry.Value;
        if (value.IndexOfAny([' ', '\t', '\u00a0']) is >= 0 and var blank)
        {
            Refuse("ssl.list-blank", $"there is a blank at character {Number(blank + 1)} of the list '{Shown(value)}'. Write the names with commas between them and nothing else: {WithoutBlanks(value)}");
            return [];
        }

        List<string> names = [];
        var parts = value.Split(',');
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Length == 0)
            {
                Refuse("ssl.list-empty-name", $"name {Number(i + 1)} of the list '{Shown(value)}' is empty. Take away the comma that has no name on one of its sides.");
            }
            else if (Problem(parts[i]) is { } problem)
            {
                Refuse("ssl.list-bad-name", $"'{Shown(parts[i])}' {problem}");
            }
            else if (!HostNames.TryNormalize(parts[i], out var name, out var why))
            {
                Refuse("ssl.list-bad-name", $"'{Shown(parts[i])}' {why}.");
            }
            else if (names.Contains(name))
            {
                warnings.Add(new Complaint(SslIni.Name, entry.Line, entry.Key, $"'{name}' stands in the list more than once. Once is enough.", "ssl.list-duplicate"));
            }
            else
            {
                names.Add(name);
            }
        }

        if (names.Count > 1 && names.Contains(Loopback))
        {
            Refuse("ssl.list-bad-name", $"'{Loopback}' is allowed only where it is the one name of an installation with one server.");
        }

        var isWhole = names.Count > 0 && refusals.TrueForAll(refusal => refusal.Key != entry.Key);
        var isName = HostNames.TryNormalize(hostName, out var own, out var unfit);
        if (isWhole && !isName)
        {
            Refuse("ssl.own-name-missing", $"HostName in conf/server.ini is '{Shown(hostName)}', which {unfit}. Only a server with a host name can be in the list.");
        }
        else if (isWhole && !names.Contains(own))
        {
            Refuse("ssl.own-name-missing", $"this server's own name {hostName} (HostName in conf/server.ini) is not in the list '{Shown(value)}'. Add it: {Shown(value)},{hostName}");
        }

        return names;
    }

    private static string? Problem(string name) => name switch
    {
        _ when name.Any(char.IsControl) => "contains a line break or another control character. The list must be one line of names and commas.",
        _ when IPAddress.TryParse(name.Trim('[', ']'), out _) => "is an IP address. Give the host a name (a line in the hosts file is enough) and write that.",
        _ when name.Contains('*', StringComparison.Ordinal) => "is a wildcard. Write the name of each server.",
        _ when name.Contains("//", StringComparison.Ordinal) => "is an address with a scheme. Write the host name only.",
        _ when name.Contains('/', StringComparison.Ordinal) => "contains a slash. Write the host name only.",
        _ when name.Contains(':', StringComparison.Ordinal) => "contains a colon. Write the host name without port.",
        _ when name.EndsWith('.') => $"ends with a dot. Write {name.TrimEnd('.')}.",
        _ when name.IndexOfAny(['"', '\'']) >= 0 => "contains quotes. Write the name without them.",
        _ when name.IndexOfAny([';', '|']) >= 0 => "is not one name. Only a comma parts two names.",
        _ when name.IndexOfAny(['#', '!']) >= 0 => "contains a comment sign. A comment needs a line of its own.",
        _ => null,
    };

    private static string WithoutBlanks(string value) =>
        string.Join(',', value.Split([' ', '\t', '\u00a0', ','], StringSplitOptions.RemoveEmptyEntries).Select(Shown));

    private static string Shown(string text) => string.Concat(text.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
