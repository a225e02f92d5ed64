// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Fluid;

namespace Tutti.Mail.Merging.Filters;

/// <summary>The rendering of one part for one recipient: what it may still look at, and the recipient's language, found when a filter first asks for it.</summary>
internal sealed class MergeContext : TemplateContext
{
    private readonly MergeRow _data;
    private readonly MergeLanguage _language;
    private CultureInfo? _culture;

    public MergeContext(MergeRow data, DateTimeOffset now, MergeLanguage language, List<string> emptyFields)
        : base(new MergeModel(data), Liquid.Options)
    {
        _data = data;
        _language = language;
        EmptyFields = emptyFields;
        Now = () => now;
    }

    /// <summary>Takes the fields behind an output that came out empty.</summary>
    public List<string> EmptyFields { get; }

    /// <summary>Characters and items that filters and loops may still look at.</summary>
    public int WorkLeft { get; set; } = Work.Most;

    /// <summary>In which numbers, amounts and dates are written.</summary>
    public CultureInfo Culture => _culture ??= _language.Of(_data);
}
