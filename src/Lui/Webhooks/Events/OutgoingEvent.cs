// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Webhooks.Events;

/// <summary>Something that happened and that webhooks may tell.</summary>
/// <param name="Type">One of <see cref="EventTypes"/>.</param>
/// <param name="At">When, by the clock of whoever saw it.</param>
/// <param name="JobId">The job.</param>
/// <param name="RecipientId">The recipient within the job's delivery; null where it concerns the job, or where the tracking type names nobody.</param>
/// <param name="Data">What else there is to say; written as JSON only if somebody wants it.</param>
/// <param name="Order">Of what happened at the same moment, the lower is told first.</param>
internal sealed record OutgoingEvent(string Type, DateTimeOffset At, long JobId, long? RecipientId, object Data, long Order = 0);
