// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Joining;

/// <summary>Every "no" of a join.</summary>
internal static class JoinRefusals
{
    private const string Again = "Make a new code there: tutti cluster prepare, or tutti cert renew --code.";

    public static Refusal Over { get; } = new(RefusalKind.Conflict, "join.over", $"The code of that server is used or too old, or was guessed at too often. {Again}");

    public static Refusal WrongCode(int left) => new(
        RefusalKind.Conflict,
        "join.wrong-code",
        left > 0 ? string.Create(CultureInfo.InvariantCulture, $"The code is wrong. The server takes {left} more tries.") : $"The code is wrong, and that was the last try. {Again}",
        "Code");

    public static Refusal OtherKey(string address) => new(
        RefusalKind.Conflict,
        "join.other-key",
        $"What answers at {address} has another key than the code was made with: it is another server, the code is an older one, or somebody stands in between. Nothing was given to it.",
        "Code");

    public static Refusal NotWaiting(string address) => new(
        RefusalKind.Conflict, "join.not-waiting", $"The server at {address} does not wait to be let in. Its code is used or older than an hour. {Again}", "Address");

    public static Refusal BrokenOff(string address, string problem) => new(
        RefusalKind.Unavailable, "join.broken-off", $"The connection to {address} broke off: {problem} Give the same command again.", "Address");

    public static Refusal Silent(string address) => new(
        RefusalKind.Unavailable, "server.silent", $"Nothing answers at {address}. Is the server running, and does a firewall let its internal port through?", "Address");

    public static Refusal NotProven(string address) => new(
        RefusalKind.Conflict, "join.not-proven", $"The server at {address} does not know the secret of the code. Nothing was given to it.", "Code");
}
