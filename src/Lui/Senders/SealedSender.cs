// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs;
using Tutti.Lui.Senders.Profiles;

namespace Tutti.Lui.Senders;

/// <summary>
/// What an authorisation covers of a job's sender. Of one that is a profile, where the rule is that its changes count: which profile. Otherwise what the
/// sender is. A rule that changes between authorisation and departure is a difference too.
/// </summary>
internal sealed class SealedSender(LateSenders late) : ISealedPart
{
    /// <inheritdoc/>
    public SealedPart Part => SealedPart.Sender;

    /// <inheritdoc/>
    public Task Write(CanonicalForm form, Job job, CancellationToken cancellationToken)
    {
        // What was authorised to be simulated is never sent, and the other way round. Before the authorisation: what it would be.
        if (job.AuthorizedBy is null ? job.IsSimulated : job.Simulated)
        {
            form.Add("simulated", 1);
        }

        if (late.Count(job))
        {
            form.Add("profile", job.SenderProfile).Add("late", 1).Add("way", Words.Of(job.Way));
            return Task.CompletedTask;
        }

        var sender = job.Sender;
        form.Add("name", sender?.Name).Add("address", sender?.Address).Add("reply-to", sender?.ReplyTo).Add("way", Words.Of(job.Way));

        // Only where there is something: the seals of before had none.
        if (job.SenderProfile is { } profile)
        {
            form.Add("profile", profile);
        }

        if (sender is { Organisation: not null } or { PostalAddress: not null } or { BouncesTo: not null } or { Headers: not null })
        {
            form.Add("organisation", sender.Organisation).Add("postal", sender.PostalAddress).Add("bounces", sender.BouncesTo).Add("headers", sender.Headers);
        }

        return Task.CompletedTask;
    }
}
