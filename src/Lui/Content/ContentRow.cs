// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Content;

/// <summary>A message as it lies in the database, saved or as a recovery copy.</summary>
internal sealed class ContentRow
{
    public const string Columns = "subject, html, text, preheader, automatic_text AS IsTextAutomatic, language, language_field AS LanguageField";

    public string Subject { get; init; } = "";

    public string Html { get; init; } = "";

    public string Text { get; init; } = "";

    public string Preheader { get; init; } = "";

    public bool IsTextAutomatic { get; init; }

    public string Language { get; init; } = "";

    public string LanguageField { get; init; } = "";

    /// <summary>Of a recovery copy: the version with which it was begun.</summary>
    public long BasedOn { get; init; }

    /// <summary>Of a recovery copy: when it was kept, in milliseconds since 1970.</summary>
    public long At { get; init; }

    public JobContent ToContent() => new(Subject, Html, Text)
    {
        Preheader = Preheader,
        IsTextAutomatic = IsTextAutomatic,
        Language = Language,
        LanguageField = LanguageField,
    };
}
