// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Encodings.Web;
using Fluid.Values;

namespace Tutti.Mail.Merging.Values;

/// <summary>A value of a column that is more than text: printed as it stands there, and a number, a date or a truth value to conditions and filters.</summary>
/// <param name="text">As it stands in the column.</param>
/// <param name="typed">What it is.</param>
internal sealed class TypedField(string text, FluidValue typed) : FluidValue
{
    private readonly StringValue _text = new(text);

    /// <summary>What it is.</summary>
    public FluidValue Typed => typed;

    public override FluidValues Type => typed.Type;

    /// <summary>A value, out of its column where it comes from one.</summary>
    public static FluidValue Unwrapped(FluidValue value) => value is TypedField field ? field.Typed : value;

    public override bool Equals(FluidValue? other) => other is StringValue ? _text.Equals(other) : typed.Equals(Unwrapped(other ?? NilValue.Instance));

    public override bool Equals(object? obj) => Equals(obj as FluidValue);

    public override int GetHashCode() => typed.GetHashCode();

    public override bool ToBooleanValue() => typed.ToBooleanValue();

    public override decimal ToNumberValue() => typed.ToNumberValue();

    public override string ToStringValue() => text;

    public override object? ToObjectValue() => typed.ToObjectValue();

    [Obsolete("The base class asks for it; nothing calls it.")]
    public override void WriteTo(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) => _text.WriteTo(writer, encoder, cultureInfo);

    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) => _text.WriteToAsync(writer, encoder, cultureInfo);
}
