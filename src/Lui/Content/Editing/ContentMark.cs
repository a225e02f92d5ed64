// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Content.Editing;

/// <summary>What is wrong at a place of a source.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Length">Characters that it concerns, at least 1.</param>
/// <param name="Severity">"error": it cannot be saved or sent so; "warning": it may be meant.</param>
/// <param name="Message">What is wrong, in words.</param>
public sealed record ContentMark(int Line, int Column, int Length, string Severity, string Message);

/// <summary>The marks of the parts of a message.</summary>
internal sealed record ContentMarks(
    IReadOnlyList<ContentMark> Subject, IReadOnlyList<ContentMark> Preheader, IReadOnlyList<ContentMark> Html, IReadOnlyList<ContentMark> Text)
{
    /// <summary>Nothing is wrong.</summary>
    public static ContentMarks None { get; } = new([], [], [], []);
}
