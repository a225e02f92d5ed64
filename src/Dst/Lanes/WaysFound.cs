// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp.Destinations;

namespace Tutti.Dst.Lanes;

/// <summary>Looks up to whom destinations belong, many at a time, so that one whose DNS is silent holds up no other. Not for several callers at once.</summary>
internal sealed class WaysFound(MailRoutes routes, QueueSignal signal)
{
    private const int AtOnce = 200;
    private static readonly Route _unknown = new([], null);
    private readonly Dictionary<string, Task<Route>> _looking = new(StringComparer.Ordinal);

    /// <summary>The way to a destination, or null: then it is looked up, or there are too many under way for now.</summary>
    public Route? Find(string destination, CancellationToken cancellationToken)
    {
        if (routes.Mode != DeliveryMode.Mx)
        {
            // One host takes everything; a connection finds it.
            return _unknown;
        }

        if (_looking.Count >= AtOnce || _looking.ContainsKey(destination))
        {
            return null;
        }

        var finding = routes.Find(destination, cancellationToken);
        if (finding.IsCompletedSuccessfully)
        {
            return finding.Result;
        }

        var looking = finding.AsTask();
        _looking.Add(destination, looking);
        _ = looking.ContinueWith(_ => signal.RingOnly(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return null;
    }

    /// <summary>Hands over what was found since the last call. What failed in an unexpected way is simply asked again.</summary>
    public List<(string Destination, Route Route)> TakeFound()
    {
        var found = new List<(string, Route)>();
        foreach (var (destination, looking) in _looking)
        {
            if (looking.IsCompleted)
            {
                _looking.Remove(destination);
                if (looking.IsCompletedSuccessfully)
                {
                    found.Add((destination, looking.Result));
                }
            }
        }

        return found;
    }
}
