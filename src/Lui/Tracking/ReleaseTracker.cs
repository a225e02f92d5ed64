// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Lui.Components;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tracking;

/// <summary>Lets jobs leave without a tracker that does not answer: it is out of service until it answers and has caught up.</summary>
internal sealed partial class ReleaseTracker(ComponentStore components, ILogger<ReleaseTracker> logger)
{
    public sealed record Command(long TrackerId, Actor Who);

    public async Task<Outcome<Component>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await components.Find(command.TrackerId, cancellationToken) is not { Name: Component.Trackers } tracker)
        {
            return TrackingRefusals.NoSuchTracker(command.TrackerId);
        }

        if (tracker.Problem is null)
        {
            return TrackingRefusals.Answers(tracker);
        }

        await components.SetInService(tracker.Id, inService: false, cancellationToken);
        LogReleased(tracker.Title, command.Who.Id);
        return tracker with { InService = false };
    }

    [LoggerMessage(4540, LogLevel.Warning, "{Tracker} was taken out of service by account {Account}: jobs leave without it", EventName = "lui.tracker.released")]
    private partial void LogReleased(string tracker, string account);
}
