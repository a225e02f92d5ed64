// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Doubts;

/// <summary>A recipient whose message was on the wire when the answer was lost.</summary>
/// <param name="Id">Unique in the delivery.</param>
/// <param name="Address">As in the envelope.</param>
/// <param name="Host">Where it was on the wire to: a host, or after an interruption of the distributor the domain.</param>
/// <param name="At">When.</param>
/// <param name="Reply">What is known.</param>
/// <param name="Attempts">How often the message was tried.</param>
/// <param name="IsClosed">Whether people took the doubt for final.</param>
internal sealed record Doubt(long Id, string Address, string Host, DateTimeOffset At, string Reply, long Attempts, bool IsClosed);

/// <summary>How many recipients of a job are in doubt.</summary>
/// <param name="Open">About whom something can be decided.</param>
/// <param name="Closed">About whom people decided that it stays so.</param>
internal sealed record DoubtCounts(long Open, long Closed);
