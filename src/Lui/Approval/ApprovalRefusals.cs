// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Approval;

/// <summary>Every "no" about approvals.</summary>
internal static class ApprovalRefusals
{
    /// <summary>Why a job may not leave, or null if it is what was approved.</summary>
    public static Refusal? Of(Job job, SealVerdict verdict) => verdict switch
    {
        { Holds: true } => null,
        { Seal: null } => new Refusal(RefusalKind.Conflict, "seal.missing", SharedWords.Fill(ApprovalWords.NoSeal, job.Code)),
        { Differing.Count: > 0 } => new Refusal(
            RefusalKind.Conflict, "seal.differs", SharedWords.Counted(ApprovalWords.Differs, verdict.Differing.Count, job.Code, string.Join(", ", verdict.Differing.Select(NameOf)))),
        _ => new Refusal(RefusalKind.Conflict, "seal.broken", SharedWords.Fill(ApprovalWords.Broken, job.Code)),
    };

    public static Refusal DeliveryChanged() => new(RefusalKind.Conflict, "seal.delivery", ApprovalWords.DeliveryChanged);

    public static Refusal OwnEdit(Job job, JobStep step) => new(
        RefusalKind.Forbidden, "approval.own-edit", SharedWords.Fill(ApprovalWords.OwnEdit, job.Code, Workflow.NameOf(step)));

    public static Refusal Token(Job job) => new(RefusalKind.Forbidden, "approval.token", SharedWords.Fill(ApprovalWords.Token, job.Code));

    public static Refusal AskedByInstallation() => new(RefusalKind.Conflict, "approval.installation", ApprovalWords.AskedByInstallation);

    /// <summary>The name of a part as people read it.</summary>
    public static string NameOf(SealedPart part) => part switch
    {
        SealedPart.Content => ApprovalWords.Content,
        SealedPart.Audience => ApprovalWords.Audience,
        SealedPart.Sender => ApprovalWords.Sender,
        SealedPart.Links => ApprovalWords.Links,
        SealedPart.Schedule => ApprovalWords.Schedule,
    };
}
