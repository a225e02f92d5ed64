// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Composing;

/// <summary>What one recipient's message is filled with.</summary>
/// <param name="Values">In the order of the value slots' indexes.</param>
/// <param name="EmptyFields">Fields that were printed and are empty for this recipient, each once; the message has a gap there.</param>
public sealed record MergedValues(IReadOnlyList<string> Values, IReadOnlyList<string> EmptyFields);
