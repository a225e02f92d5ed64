// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using Tutti.Mail.Merging;
using Tutti.Mail.Merging.Filters;

namespace Tutti.Mail.Composing;

/// <summary>Computes the values of a message for one recipient after the other. Safe for use by many threads.</summary>
public sealed class ValuePlan
{
    private readonly ValueRecipe[] _recipes;
    private readonly MergeLanguage _language;

    internal ValuePlan(IReadOnlyList<ValueRecipe> recipes, MergeLanguage language)
    {
        _language = language;
        _recipes = [.. recipes];
    }

    /// <summary>Number of values.</summary>
    public int Count => _recipes.Length;

    /// <summary>Computes the values for a recipient.</summary>
    /// <param name="data">The recipient's data.</param>
    /// <param name="now">The moment that templates see as "now", printed in its own offset.</param>
    /// <param name="values">The values.</param>
    /// <param name="problem">In words, what kept the template from being rendered for this recipient (a limit, a filter that does not exist).</param>
    public bool TryCompute(MergeRow data, DateTimeOffset now, [NotNullWhen(true)] out MergedValues? values, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(data);
        var texts = _recipes.Length == 0 ? [] : new string[_recipes.Length];
        List<string>? empty = null;
        Rendering? rendering = null;
        try
        {
            for (var i = 0; i < _recipes.Length; i++)
            {
                if (_recipes[i].OnlyField is { } field)
                {
                    texts[i] = Rendering.Print(data[field], _recipes[i].Part);
                    if (texts[i].Length == 0)
                    {
                        (empty ??= []).Add(field);
                    }

                    continue;
                }

                rendering ??= new Rendering(data, now, _language, empty ??= []);
                if (!rendering.TryRun(_recipes[i], out texts[i], out problem))
                {
                    values = null;
                    return false;
                }
            }
        }
        finally
        {
            rendering?.Dispose();
        }

        values = new MergedValues(texts, empty is null or { Count: 0 } ? [] : [.. empty.Distinct(StringComparer.OrdinalIgnoreCase)]);
        problem = null;
        return true;
    }
}
