// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Components;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tracking.Types;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tracking;

/// <summary>Decides how much of what recipients do leads back to them.</summary>
internal sealed class ChooseTracking(JobStore jobs, ComponentStore components, ReadGround ground, TimeProvider clock)
{
    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who decides.</param>
    /// <param name="Tracking">How much leads back to recipients.</param>
    /// <param name="TrackerHost">The tracker's host name; null or empty for the installation's first one.</param>
    /// <param name="Version">The version of the job that people saw.</param>
    public sealed record Command(long JobId, Actor Who, JobTracking Tracking, string? TrackerHost = null, long? Version = null)
    {
        /// <summary>The column that says who permits; needed for permission-based tracking.</summary>
        public string? PermissionField { get; init; }

        /// <summary>The columns of a profile; needed for anonymous tracking, and in permission-based tracking for those who do not permit (none: they are tracked blind).</summary>
        public IReadOnlyList<string> ProfileFields { get; init; } = [];
    }

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

        if (await jobs.Find(command.JobId, cancellationToken) is not { } found)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        // What another type needs is not kept: it would mean nothing, and come back when nobody thinks of it any more.
        var details = found.TrackingDetails with
        {
            PermissionField = command.Tracking == JobTracking.Permission ? command.PermissionField?.Trim() ?? "" : "",
            ProfileFields = command.Tracking is JobTracking.Permission or JobTracking.Anonymous
                ? [.. command.ProfileFields.Select(field => field.Trim()).Where(field => field.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)]
                : [],
        };
        if (TrackingRules.Refuse(command.Tracking, details, await ground.Handle(found, cancellationToken)) is { } refusal)
        {
            return refusal;
        }

        return await jobs.Change(
            command.JobId,
            command.Version,
            job => job.Track(command.Tracking, host, command.Who, now).Is(out var tracked, out var no)
                ? tracked with { TrackingDetails = tracked.TrackingDetails with { PermissionField = details.PermissionField, ProfileFields = details.ProfileFields } }
                : no,
            _ => new JournalEntry(now, command.Who, "tracking", InWords(command.Tracking, host)),
            cancellationToken);
    }

    /// <summary>A choice as the journal has it.</summary>
    public static string InWords(JobTracking tracking, string? host) =>
        host is null ? SharedWords.Fill(TrackingWords.DidChoose, Words.Of(tracking)) : SharedWords.Fill(TrackingWords.DidChooseHost, Words.Of(tracking), host);
}
