// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Mail.Links.Parameters;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tracking.MessageLinks;

/// <summary>Decides which parameters are added to the links of a job's message.</summary>
internal sealed class SetLinkParameters(JobStore jobs, TimeProvider clock)
{
    /// <summary>Most rules of a job.</summary>
    public const int Most = 20;

    /// <summary>What people begin with: the parameters that programs for the statistics of web sites know a mailing by.</summary>
    public static IReadOnlyList<LinkParameter> Usual { get; } =
    [
        new("*", "utm_source", "newsletter"),
        new("*", "utm_medium", "email"),
        new("*", "utm_campaign", "{{ job.code }}"),
        new("*", "utm_content", "{{ link.alias }}"),
    ];

    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who decides.</param>
    /// <param name="Parameters">All rules, in order; of two for one name and link the first counts.</param>
    /// <param name="Version">The version of the job that people saw.</param>
    public sealed record Command(long JobId, Actor Who, IReadOnlyList<LinkParameter> Parameters, long? Version = null);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        LinkParameter[] parameters = [.. command.Parameters.Select(one => new LinkParameter(one.Hosts?.Trim() ?? "", one.Name?.Trim() ?? "", one.Value?.Trim() ?? ""))];
        if (parameters.Length > Most)
        {
            return TrackingRefusals.TooManyParameters(Most);
        }

        for (var index = 0; index < parameters.Length; index++)
        {
            if (!parameters[index].IsSound(out var problem, out _))
            {
                return TrackingRefusals.BadParameter(index + 1, problem);
            }
        }

        var now = clock.GetUtcNow();
        return await jobs.Change(
            command.JobId,
            command.Version,
            job => job.TrackBy(job.TrackingDetails with { Parameters = parameters }, command.Who, now),
            _ => new JournalEntry(now, command.Who, "link-parameters", SharedWords.Counted(TrackingWords.DidSetParameters, parameters.Length)),
            cancellationToken);
    }
}
