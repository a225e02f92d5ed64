// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Components;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tracking;

/// <summary>Decides how much of what recipients do leads back to them.</summary>
internal sealed class ChooseTracking(JobStore jobs, ComponentStore components, TimeProvider clock)
{
    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who decides.</param>
    /// <param name="Tracking">How much leads back to recipients.</param>
    /// <param name="TrackerHost">The tracker's host name; null or empty for the installation's first one.</param>
    /// <param name="Version">The version of the job that people saw.</param>
    public sealed record Command(long JobId, Actor Who, JobTracking Tracking, string? TrackerHost = null, long? Version = null);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var host = string.IsNullOrWhiteSpace(command.TrackerHost) ? null : command.TrackerHost.Trim().ToLowerInvariant();
        if (host is not null)
        {
            var known = (await components.List(Component.Trackers, cancellationToken)).Select(tracker => tracker.TrackingHost).Where(one => one.Length > 0).Distinct().ToList();
            if (!known.Contains(host))
            {
                return TrackingRefusals.NoSuchHost(host, known);
            }
        }

        return await jobs.Change(
            command.JobId,
            command.Version,
            job => job.Track(command.Tracking, host, command.Who, now),
            _ => new JournalEntry(now, command.Who, "tracking", host is null ? SharedWords.Fill(TrackingWords.DidChoose, Words.Of(command.Tracking)) : SharedWords.Fill(TrackingWords.DidChooseHost, Words.Of(command.Tracking), host)),
            cancellationToken);
    }
}
