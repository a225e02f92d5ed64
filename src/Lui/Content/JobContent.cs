// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.TextParts;

namespace Tutti.Lui.Content;

/// <summary>What a job says. All texts may hold merge fields, conditions and loops in Liquid.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Html">HTML part; empty for none.</param>
/// <param name="Text">Plain text part as written by hand; empty for none.</param>
public sealed record JobContent(string Subject, string Html, string Text)
{
    /// <summary>What inboxes show behind the subject; hidden in the HTML part. Empty for none.</summary>
    public string Preheader { get; init; } = "";

    /// <summary>Is the text part made from the HTML part, instead of the one written by hand?</summary>
    public bool IsTextAutomatic { get; init; }

    /// <summary>In which language numbers, amounts and dates are written, as a tag (de, en-GB). Empty: English.</summary>
    public string Language { get; init; } = "";

    /// <summary>The merge field in which a recipient's own language stands; empty for none.</summary>
    public string LanguageField { get; init; } = "";

    /// <summary>The text part that is sent.</summary>
    public string SentText => IsTextAutomatic ? TextFromHtml.Convert(Html) : Text;
}
