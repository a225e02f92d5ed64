// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Capture;

/// <summary>A message in the capture mailbox, without its bytes.</summary>
/// <param name="Id">Grows with every message.</param>
/// <param name="At">When it was taken.</param>
/// <param name="From">Envelope sender.</param>
/// <param name="To">Envelope recipient.</param>
/// <param name="Size">Bytes of the message.</param>
public sealed record CapturedMail(long Id, DateTimeOffset At, string From, string To, int Size);
