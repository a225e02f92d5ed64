// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Encodings.Web;
using Fluid.Values;

namespace Tutti.Mail.Merging.Values;

/// <summary>
/// A merge field without a value. It prints nothing, is false in a condition and equals nil, blank, empty and "".
/// Liquid itself calls an empty text true; people who write <c>{% if first_name %}</c> mean an empty cell too.
/// </summary>
internal sealed class EmptyField : FluidValue
{
    public static readonly EmptyField Instance = new();

    private EmptyField()
    {
    }

    public override FluidValues Type => FluidValues.String;

    public override bool Equals(FluidValue? other) => other is not null && (ReferenceEquals(this, other) || other.IsNil() || other.ToStringValue().Length == 0);

    public override bool Equals(object? obj) => Equals(obj as FluidValue);

    public override int GetHashCode() => 0;

    public override bool ToBooleanValue() => false;

    public override decimal ToNumberValue() => 0;

    public override string ToStringValue() => "";

    public override object? ToObjectValue() => null;

    [Obsolete("The base class asks for it; nothing calls it.")]
    public override void WriteTo(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo)
    {
    }

    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) => default;
}
