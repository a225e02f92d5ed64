// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Content.Translating;

/// <summary>Something that could not be translated; it stands in the message as it was.</summary>
/// <param name="Line">From 1, in the translated text.</param>
/// <param name="Written">What stands there.</param>
/// <param name="Reason">Why it stayed, in words.</param>
public sealed record Untranslated(int Line, string Written, string Reason);

/// <summary>A text that was translated.</summary>
/// <param name="Text">In Liquid, as far as it could be translated.</param>
/// <param name="Changes">Number of places that were translated.</param>
/// <param name="Left">What could not be.</param>
public sealed record Translation(string Text, int Changes, IReadOnlyList<Untranslated> Left);
