// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Components;

/// <summary>Remembers since when HUB does not answer.</summary>
internal sealed class HubContact(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private DateTimeOffset? _awaySince;

    /// <summary>HUB answered.</summary>
    public void Answered()
    {
        lock (_lock)
        {
            _awaySince = null;
        }
    }

    /// <summary>HUB did not answer.</summary>
    /// <returns>Since when it does not.</returns>
    public DateTimeOffset Missed()
    {
        lock (_lock)
        {
            return _awaySince ??= clock.GetUtcNow();
        }
    }
}
