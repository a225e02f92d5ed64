// SPDX-License-Identifier: Apache-2.0
using Fluid;
using Fluid.Values;

namespace Tutti.Mail.Merging.Filters;

/// <summary>Puts limits around the filters of the template language, which have none themselves.</summary>
internal static class BoundedFilters
{
    /// <summary>Filters that can make much from little: what comes out is reckoned before it is made.</summary>
    private static readonly Dictionary<string, Func<FluidValue, FilterArguments, long>> _growing = new(StringComparer.Ordinal)
    {
        ["replace"] = (input, arguments) => Replaced(input.ToStringValue(), arguments.At(0).ToStringValue(), arguments.At(1).ToStringValue()),
        ["join"] = (input, arguments) => input is ArrayValue list ? (long)list.Values.Count * arguments.At(0).ToStringValue().Length : 0,
    };

    /// <summary>Bounds all filters that templates may use and takes the others away.</summary>
    public static void Bound(FilterCollection filters)
    {
        foreach (var name in FilterNames.Plain)
        {
            if (filters.TryGetValue(name, out var filter))
            {
                filters.AddFilter(name, Bounded(filter, _growing.GetValueOrDefault(name)));
            }
        }

        foreach (var name in (string[])["format_string", "format_number", "format_date"])
        {
            filters.AddFilter(name, (_, _, _) => throw new MergeException($"There is no filter {name}."));
        }
    }

    private static FilterDelegate Bounded(FilterDelegate filter, Func<FluidValue, FilterArguments, long>? growth) => (input, arguments, context) =>
    {
        Work.Charge(context, Work.SizeOf(input));
        if (growth is not null && growth(input, arguments) > Liquid.MaxOutput)
        {
            throw TooLong();
        }

        var result = filter(input, arguments, context);
        return result.IsCompletedSuccessfully ? new ValueTask<FluidValue>(Checked(result.Result, context)) : Late(result, context);
    };

    private static async ValueTask<FluidValue> Late(ValueTask<FluidValue> result, TemplateContext context) => Checked(await result, context);

    private static FluidValue Checked(FluidValue value, TemplateContext context)
    {
        Work.Charge(context, Work.SizeOf(value));
        return value switch
        {
            StringValue text when text.ToStringValue().Length > Liquid.MaxOutput => throw TooLong(),
            ArrayValue list when list.Values.Count > Work.LongestList => throw new MergeException($"A list has more than {Work.LongestList} items."),
            _ => value,
        };
    }

    private static long Replaced(string text, string what, string by)
    {
        if (what.Length == 0 || by.Length <= what.Length)
        {
            return 0;
        }

        var times = 0L;
        for (var at = text.IndexOf(what, StringComparison.Ordinal); at >= 0; at = text.IndexOf(what, at + what.Length, StringComparison.Ordinal))
        {
            times++;
        }

        return text.Length + (times * (by.Length - what.Length));
    }

    private static MergeException TooLong() => new($"A filter makes more than {Liquid.MaxOutput} characters.");
}
