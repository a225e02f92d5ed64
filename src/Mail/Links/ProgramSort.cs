// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Links;

/// <summary>Of which sort a reader's program is, in one word out of a few: enough to tell phones and machines from the rest, too little to tell readers apart.</summary>
public static class ProgramSort
{
    // The first that is found counts: machines call themselves browsers too, and tablets phones.
    private static readonly (string Sign, string Sort)[] _signs =
    [
        ("GoogleImageProxy", "mail-proxy"),
        ("YahooMailProxy", "mail-proxy"),
        ("bot", "machine"),
        ("crawler", "machine"),
        ("spider", "machine"),
        ("curl/", "machine"),
        ("python", "machine"),
        ("Go-http-client", "machine"),
        ("iPad", "tablet"),
        ("Tablet", "tablet"),
        ("iPhone", "phone"),
        ("Mobile", "phone"),
        ("Android", "phone"),
        ("Mozilla/", "computer"),
    ];

    /// <summary>The sort of a user agent; empty if it says nothing known. The sort of a sort is itself.</summary>
    public static string Of(string userAgent)
    {
        ArgumentNullException.ThrowIfNull(userAgent);
        return Array.Exists(_signs, one => one.Sort == userAgent) ? userAgent : Array.Find(_signs, one => userAgent.Contains(one.Sign, StringComparison.OrdinalIgnoreCase)).Sort ?? "";
    }
}
