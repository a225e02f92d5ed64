// SPDX-License-Identifier: Apache-2.0
namespace Tutti.System.Tests.Playing;

/// <summary>One request that a played reader made.</summary>
/// <param name="Recipient">Whose copy of the message it was.</param>
/// <param name="IsClick">False for the open image.</param>
/// <param name="Target">Where a click was sent; empty for an open and for an unanswered click.</param>
/// <param name="Answered">True if the tracker answered it; then it must be counted.</param>
public sealed record Played(string Recipient, bool IsClick, string Target, bool Answered);
