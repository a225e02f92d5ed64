// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Merging;

/// <summary>A template broke one of the limits while it was rendered. Caught in this room, never seen outside.</summary>
internal sealed class MergeException(string message) : Exception(message);
