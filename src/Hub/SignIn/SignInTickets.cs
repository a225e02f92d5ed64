// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Tutti.Hub.SignIn;

/// <summary>
/// Tickets by which somebody who is signed in at the user interface comes to the hub's pages: each good once, for a minute.
/// They are only in memory; whoever has one when the hub restarts clicks again.
/// </summary>
internal sealed class SignInTickets(TimeProvider clock)
{
    /// <summary>How long a ticket is good.</summary>
    internal static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private const int TicketBytes = 32;
    private readonly ConcurrentDictionary<string, (string Account, DateTimeOffset Ends)> _issued = new();

    /// <summary>A ticket for an account.</summary>
    public string Issue(string account)
    {
        var now = clock.GetUtcNow();
        foreach (var (old, issued) in _issued)
        {
            if (issued.Ends <= now)
            {
                _issued.TryRemove(old, out _);
            }
        }

        var ticket = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(TicketBytes));
        _issued[KeyOf(ticket)] = (account, now + Life);
        return ticket;
    }

    /// <summary>The account of a ticket, which is used up by this; null if it is none, or too old.</summary>
    public string? Take(string ticket) =>
        _issued.TryRemove(KeyOf(ticket), out var issued) && issued.Ends > clock.GetUtcNow() ? issued.Account : null;

    // Looking a hash up tells nobody by its time how much of a ticket was right.
    private static string KeyOf(string ticket) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(ticket)));
}
