// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Tutti.Lui.Rest;

/// <summary>How many requests each token may still make: so many in each minute that begins with its first request.</summary>
internal sealed class Allowance(ApiSettings settings, TimeProvider clock)
{
    /// <summary>Length of a window.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Used> _used = new(StringComparer.Ordinal);

    /// <summary>What is left after a request.</summary>
    /// <param name="IsGranted">Whether the request may go on.</param>
    /// <param name="Remaining">How many more may follow in this window.</param>
    /// <param name="Reset">When the next window begins, from now.</param>
    public readonly record struct Grant(bool IsGranted, int Remaining, TimeSpan Reset);

    /// <summary>Most requests in a window; 0 if there is no limit.</summary>
    public int Quota => settings.ApiRequestsPerMinute;

    /// <summary>Takes one request off a token's allowance.</summary>
    public Grant Take(string token)
    {
        var used = _used.GetOrAdd(token, _ => new Used());
        lock (used)
        {
            var now = clock.GetUtcNow();
            if (now - used.Since >= Window)
            {
                (used.Since, used.Requests) = (now, 0);
            }

            var isGranted = used.Requests < Quota;
            used.Requests += isGranted ? 1 : 0;
            return new Grant(isGranted, Quota - used.Requests, used.Since + Window - now);
        }
    }

    private sealed class Used
    {
        public DateTimeOffset Since { get; set; }

        public int Requests { get; set; }
    }
}
