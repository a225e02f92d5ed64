// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Fates;

/// <summary>A recipient's fate as a distributor, or LUI itself, decided it.</summary>
/// <param name="JobId">The delivery: a job's number or a test's.</param>
/// <param name="RecipientId">Unique in the delivery.</param>
/// <param name="Fate">What became of the recipient.</param>
/// <param name="Reply">The receiver's last reply or the local reason.</param>
/// <param name="Host">Who gave the reply; empty for local reasons.</param>
/// <param name="Attempts">How often the message was tried.</param>
/// <param name="At">When, Unix time in milliseconds, the decider's clock.</param>
internal readonly record struct FateEvent(long JobId, long RecipientId, Fate Fate, string Reply, string Host, long Attempts, long At);
