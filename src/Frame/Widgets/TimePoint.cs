// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Frame.Widgets;

/// <summary>Two counts in the stretch of time that starts at a moment.</summary>
public sealed record TimePoint(DateTimeOffset At, long A, long B);
