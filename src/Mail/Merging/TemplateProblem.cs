// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Merging;

/// <summary>Why a template cannot be used.</summary>
/// <param name="Part">Where it stands.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Message">What is wrong, in words of the template language.</param>
public sealed record TemplateProblem(ContentPart Part, int Line, int Column, string Message);
