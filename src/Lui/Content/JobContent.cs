// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Content;

/// <summary>What a job says. All three may hold merge fields, conditions and loops in Liquid.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Html">HTML part; empty for none.</param>
/// <param name="Text">Plain text part; empty for none.</param>
internal sealed record JobContent(string Subject, string Html, string Text);
