// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using Tutti.Frame.Words;
using Tutti.Mail.Merging;

namespace Tutti.Lui.Content.Editing;

/// <summary>Finds what is wrong in a message while it is written: Liquid that does not parse, fields without a column, filters that do not exist.</summary>
internal static class FindMarks
{
    /// <summary>Looks at all parts.</summary>
    /// <param name="content">What is written.</param>
    /// <param name="fields">The recipients' columns; null if there are no recipients yet, then no field is called unknown.</param>
    public static ContentMarks In(JobContent content, MergeFields? fields) => new(
        In(content.Subject, ContentPart.Subject, fields),
        In(content.Preheader, ContentPart.Html, fields),
        In(content.Html, ContentPart.Html, fields),
        content.IsTextAutomatic ? [] : In(content.Text, ContentPart.Text, fields));

    private static List<ContentMark> In(string source, ContentPart part, MergeFields? fields)
    {
        if (string.IsNullOrWhiteSpace(source))
        {
            return [];
        }

        if (!TryParse(source, part, out var template, out var mark))
        {
            return [mark];
        }

        var missing = fields?.MissingOf(template.FieldNames) ?? [];
        return [.. NamePlaces.Of(source, missing).Select(place => new ContentMark(
            place.Line,
            place.Column,
            place.Name.Length,
            place.IsFilter ? "error" : "warning",
            SharedWords.Fill(place.IsFilter ? ContentWords.UnknownFilter : ContentWords.UnknownField, place.Name)))];
    }

    private static bool TryParse(string source, ContentPart part, [NotNullWhen(true)] out Template? template, [NotNullWhen(false)] out ContentMark? mark)
    {
        mark = Template.TryParse(source.ReplaceLineEndings("\n"), part, out template, out var problem) ? null : new ContentMark(problem.Line, problem.Column, 1, "error", problem.Message);
        return mark is null;
    }
}
