// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Values;
using Tutti.Mail.Links;
using Tutti.Mail.Merging.Values;

namespace Tutti.Mail.Merging;

/// <summary>A recipient's data as Liquid sees it.</summary>
internal sealed class MergeModel(MergeRow data) : FluidValue
{
    private static readonly StringValue _unsubscribe = new(LinkMarker.Unsubscribe, encode: false);

    // A field that occurs once often occurs again; of a handful of names the first look is the fastest.
    private readonly List<(string Name, FluidValue Value)> _known = [];

    public override FluidValues Type => FluidValues.Object;

    public override ValueTask<FluidValue> GetValueAsync(string name, TemplateContext context)
    {
        if (name.Equals(SystemFields.UnsubscribeUrl, StringComparison.OrdinalIgnoreCase))
        {
            return _unsubscribe;
        }

        foreach (var (known, seen) in _known)
        {
            if (ReferenceEquals(known, name) || known.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return seen;
            }
        }

        var text = data[name];
        var value = text.Length == 0 ? EmptyField.Instance : data.TypeOf(name).ValueOf(text);
        _known.Add((name, value));
        return value;
    }

    public override bool Equals(FluidValue? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => 1;

    public override bool ToBooleanValue() => true;

    public override decimal ToNumberValue() => 0;

    public override string ToStringValue() => "";

    public override object ToObjectValue() => data;

    [Obsolete("The base class asks for it; nothing calls it.")]
    public override void WriteTo(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo)
    {
    }

    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) => default;
}
