// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Fluid;

namespace Tutti.Mail.Merging.Filters;

/// <summary>In which language numbers, amounts and dates are written for a recipient.</summary>
/// <param name="Usual">The language of the message, as a tag (de, en-GB; RFC 5646). Empty: English.</param>
/// <param name="Field">The field in which a recipient's own language stands, or empty. What is no language there counts as nothing.</param>
public sealed record MergeLanguage(string Usual = "", string Field = "")
{
    private static readonly FrozenDictionary<string, CultureInfo> _known =
        CultureInfo.GetCultures(CultureTypes.AllCultures).Where(culture => culture.Name.Length > 0).DistinctBy(culture => culture.Name, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(culture => culture.Name, culture => CultureInfo.ReadOnly(new CultureInfo(culture.Name, useUserOverride: false)), StringComparer.OrdinalIgnoreCase);

    private static readonly CultureInfo _english = CultureInfo.ReadOnly(new CultureInfo("en", useUserOverride: false));

    /// <summary>Is this the tag of a language that is known here?</summary>
    public static bool IsKnown(string tag) => TryFind(tag, out _);

    internal static CultureInfo Of(TemplateContext context) => context is MergeContext rendering ? rendering.Culture : _english;

    internal CultureInfo Of(MergeRow data) =>
        Field.Length > 0 && TryFind(data[Field], out var own) ? own : TryFind(Usual, out var usual) ? usual : _english;

    private static bool TryFind(string tag, [NotNullWhen(true)] out CultureInfo? culture)
    {
        ArgumentNullException.ThrowIfNull(tag);
        var name = tag.Trim().Replace('_', '-');
        return _known.TryGetValue(name, out culture)
            || (name.IndexOf('-', StringComparison.Ordinal) is var end and > 0 && _known.TryGetValue(name[..end], out culture));
    }
}
