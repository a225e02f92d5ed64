// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Listserv;
using Tutti.Lui.Senders.Profiles;
using Tutti.Mail.Addresses;

namespace Tutti.Lui.Senders;

/// <summary>How far the sender of a job is: a domain without a key is a warning, and in the way where mail goes straight to the receivers.</summary>
internal sealed class SenderStep(SenderCheck check, OverrideStore overrides, SenderProfileStore profiles, Connections listservs, FitForListserv fit) : IStepSource
{
    /// <inheritdoc/>
    public JobStep Step => JobStep.Sender;

    /// <inheritdoc/>
    public async ValueTask<StepReport> Report(Job job, CancellationToken cancellationToken)
    {
        if (job.Sender is not { } sender || !EmailAddress.TryParse(sender.Address, out var address, out _))
        {
            return new StepReport(StepState.Open, SendersWords.NoneYet);
        }

        var summary = sender.Name.Length == 0 ? sender.Address : $"{sender.Name} <{sender.Address}>";
        SenderProfile? profile = null;
        if (job is { SenderProfile: { } chosen, HandedOverAt: null })
        {
            profile = (await profiles.For(job, cancellationToken)).FirstOrDefault(one => one.Id == chosen);
            summary = profile is null ? summary : SharedWords.Fill(ProfilesWords.InSummary, summary, profile.Title);
        }

        summary = job.Way switch
        {
            JobWay.Engine => summary,
            JobWay.Listserv => SharedWords.Fill(SendersWords.ThroughListserv, summary),
            JobWay.ListservTogether => SharedWords.Fill(SendersWords.ThroughListservTogether, summary),
        };
        if (job.State is JobState.Completed or JobState.Processing or JobState.Archived)
        {
            return new StepReport(StepState.Done, summary);
        }

        if (job is { SenderProfile: not null, HandedOverAt: null } && profile is null)
        {
            return new StepReport(StepState.NeedsAttention, summary, ProfilesWords.Gone);
        }

        if (job.Way != JobWay.Engine && (await listservs.List(cancellationToken)).Count == 0)
        {
            return new StepReport(StepState.NeedsAttention, summary, SendersWords.NoListserv);
        }

        var unfit = await fit.Handle(job, job.Way, cancellationToken);
        if (unfit is { Blocks: true })
        {
            return new StepReport(StepState.NeedsAttention, summary, unfit.Words);
        }

        var verdict = await check.Handle(address.Domain.ToString(), cancellationToken);
        if (!verdict.Blocks)
        {
            return new StepReport(StepState.Done, summary, unfit?.Words ?? verdict.Words);
        }

        return await overrides.Find(job.Id, verdict.Domain, cancellationToken) is { } who
            ? new StepReport(StepState.Done, summary, SharedWords.Fill(SendersWords.Overridden, verdict.Words ?? "", who.Name))
            : new StepReport(StepState.NeedsAttention, summary, verdict.Words);
    }
}
