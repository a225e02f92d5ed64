// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients.Reactions;

/// <summary>Every "no" of taking another job's recipients.</summary>
internal static class ReactionRefusals
{
    public static Refusal NotBegun(Job job) => new(RefusalKind.Conflict, "reactions.not-begun", SharedWords.Fill(ReactionsWords.NotBegun, job.Code), "from");

    public static Refusal NotPersonal(Job job) => new(RefusalKind.Conflict, "reactions.not-personal", SharedWords.Fill(ReactionsWords.NotPersonal, job.Code), "reaction");

    public static Refusal NoSuchLink(Job job, string link) => new(RefusalKind.Invalid, "reactions.no-such-link", SharedWords.Fill(ReactionsWords.NoSuchLink, job.Code, link), "link");

    public static Refusal Nobody(Job job) => new(RefusalKind.Conflict, "reactions.nobody", SharedWords.Fill(ReactionsWords.Nobody, job.Code), "reaction");
}
