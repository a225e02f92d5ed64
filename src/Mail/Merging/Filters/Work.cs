// SPDX-License-Identifier: Apache-2.0
using Fluid;
using Fluid.Values;

namespace Tutti.Mail.Merging.Filters;

/// <summary>
/// What the filters and loops of one part may still do for one recipient, counted in characters and items that they look at. It is counted instead of
/// timed, so that the same template is refused everywhere or nowhere.
/// </summary>
internal static class Work
{
    /// <summary>Most characters and items; far beyond what letters need, and less than a second.</summary>
    public const int Most = 16_000_000;

    /// <summary>Longest list.</summary>
    public const int LongestList = Liquid.MaxRange;

    /// <summary>Takes from what a rendering may do; throws if nothing is left.</summary>
    public static void Charge(TemplateContext context, int amount)
    {
        if (context is MergeContext rendering && (rendering.WorkLeft -= amount) < 0)
        {
            throw new MergeException($"The template looks at more than {Most} characters.");
        }
    }

    /// <summary>How much a filter looks at in a value.</summary>
    public static int SizeOf(FluidValue value) => value switch
    {
        StringValue text => text.ToStringValue().Length + 1,
        ArrayValue list => list.Values.Count + 1,
        _ => 1,
    };
}
