// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs.Sending;

/// <summary>A slice that has a say before a job is authorised whose steps are all done.</summary>
internal interface IAuthorizationGate
{
    /// <summary>Why the job may not be authorised by this person as it is now; null if nothing is against it.</summary>
    ValueTask<Refusal?> Refuses(Job job, Actor who, CancellationToken cancellationToken);
}
