// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Listserv;

/// <summary>A personal password of LISTSERV as it can stand at the end of a command: <c>PW=…</c>.</summary>
public static class ListservPassword
{
    /// <summary>What is wrong with one that is not sound.</summary>
    public const string Problem = "A password for LISTSERV has at least one character, all of them printable ASCII, and neither a blank nor a comma.";

    /// <summary>Whether it can stand there: a blank would end it, a comma at its end would continue the line.</summary>
    public static bool IsSound(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        return password.Length is > 0 and <= 64 && !password.AsSpan().ContainsAnyExceptInRange('!', '~') && !password.Contains(',', StringComparison.Ordinal);
    }
}
