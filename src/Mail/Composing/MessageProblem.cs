// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Composing;

/// <summary>Why a message cannot be compiled.</summary>
/// <param name="Field">Name of the property of <see cref="MessageSource"/>.</param>
/// <param name="Message">In words.</param>
/// <param name="Line">Of a template, from 1; otherwise 0.</param>
/// <param name="Column">Of a template, from 1; otherwise 0.</param>
public sealed record MessageProblem(string Field, string Message, int Line = 0, int Column = 0);
