// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Tutti.Dst.Capture;

/// <summary>
/// Domains whose mail the capture mailbox does not simply take, so that refusals and deferrals can be seen through real SMTP:
/// <c>refuse.example</c> is refused (550 5.1.1), <c>defer.example</c> is put off once per message (450 4.2.1) and then taken,
/// <c>lost.example</c> is kept but never answered. Nobody can own these domains (RFC 2606).
/// </summary>
internal sealed class CaptureBehaviour
{
    private const int MostDeferred = 100_000;
    private readonly ConcurrentDictionary<string, bool> _deferred = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The reply to RCPT TO.</summary>
    public string AnswerTo(string recipient) => DomainOf(recipient) switch
    {
        "refuse.example" => "550 5.1.1 There is no such mailbox.",
        "defer.example" when IsFirstTime(recipient) => "450 4.2.1 The mailbox is busy, come again.",
        _ => "250 2.1.5 Ok",
    };

    /// <summary>Whether the client never hears what became of the message.</summary>
    public static bool IsLost(string recipient) => DomainOf(recipient) == "lost.example";

    private static string DomainOf(string recipient) => recipient[(recipient.LastIndexOf('@') + 1)..].ToLowerInvariant();

    private bool IsFirstTime(string recipient)
    {
        if (_deferred.TryRemove(recipient, out _))
        {
            return false;
        }

        return _deferred.Count < MostDeferred && _deferred.TryAdd(recipient, true);
    }
}
