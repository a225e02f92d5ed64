// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Mail.Addresses;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Senders.Profiles;

/// <summary>Whether changes of a sender profile count for jobs that were authorised before: the rule of the installation, or of the owner's group.</summary>
internal sealed class LateSenders(JobSettings settings, SenderCheck check, OverrideStore overrides)
{
    /// <summary>Whether they do for this job.</summary>
    public bool Count(Job job) => job.SenderProfile is not null && (settings.LateSenderChanges || job.GroupLateSenders);

    /// <summary>Why a job cannot leave with what its profile has become: nobody looked at that domain when it was authorised. Null if it can.</summary>
    public async Task<Refusal?> Refuse(Job job, CancellationToken cancellationToken)
    {
        if (!Count(job) || job.Sender is not { } sender || !EmailAddress.TryParse(sender.Address, out var address, out _))
        {
            return null;
        }

        var verdict = await check.Handle(address.Domain.ToString(), cancellationToken);
        return verdict.Blocks && await overrides.Find(job.Id, verdict.Domain, cancellationToken) is null ? ProfileRefusals.Blocked(job, verdict) : null;
    }
}
