// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Dst.Capture;

/// <summary>How long the capture mailbox keeps what it took.</summary>
internal sealed record CaptureSettings
{
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00"), Description("How long the capture mailbox keeps a message.")]
    public TimeSpan CaptureKeep { get; init; } = TimeSpan.FromDays(30);

    [Range(1, int.MaxValue), Description("How many messages the capture mailbox keeps at most; the oldest go first.")]
    public int CaptureMessages { get; init; } = 1_000_000;
}
