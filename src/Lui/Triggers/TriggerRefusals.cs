// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Triggers;

/// <summary>Every "no" about triggers.</summary>
internal static class TriggerRefusals
{
    public static Refusal NotWaiting(Job job) => new(RefusalKind.Conflict, "trigger.not-waiting", SharedWords.Fill(TriggersWords.NotWaiting, job.Code));

    public static Refusal NoAddress() => new(RefusalKind.NotFound, "trigger.no-address", TriggersWords.NoAddress);
}
