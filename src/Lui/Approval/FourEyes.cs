// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Approval;

/// <summary>
/// Two people for one decision: whoever edited a job last may not authorise it. Asked for by the installation, by the owner's group, or by the job.
/// A token is nobody's second pair of eyes.
/// </summary>
internal sealed class FourEyes(JobSettings settings) : IAuthorizationGate
{
    /// <summary>Whether the installation asks for it; then no job can go without.</summary>
    public bool AskedByInstallation => settings.FourEyes;

    /// <summary>Whether it is asked for of this job.</summary>
    public bool AskedOf(Job job) => settings.FourEyes || job.GroupFourEyes || job.FourEyes;

    /// <summary>Why somebody may not authorise this job, or null.</summary>
    public Refusal? Refuse(Job job, Actor who)
    {
        if (!AskedOf(job))
        {
            return null;
        }

        if (who.IsToken)
        {
            return ApprovalRefusals.Token(job);
        }

        return LastEdit(job) is { } last && last.Edit.Who.Id == who.Id ? ApprovalRefusals.OwnEdit(job, last.Step) : null;
    }

    /// <inheritdoc/>
    public ValueTask<Refusal?> Refuses(Job job, Actor who, CancellationToken cancellationToken) => ValueTask.FromResult(Refuse(job, who));

    /// <summary>The latest edit of what an authorisation covers, or null.</summary>
    public static (JobStep Step, Edit Edit)? LastEdit(Job job)
    {
        var edits = job.Edits.Where(edit => edit.Key is not (JobStep.Test or JobStep.Authorize)).OrderByDescending(edit => edit.Value.At).ToList();
        return edits.Count == 0 ? null : (edits[0].Key, edits[0].Value);
    }
}
