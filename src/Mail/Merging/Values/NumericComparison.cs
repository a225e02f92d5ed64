// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Fluid;
using Fluid.Ast;
using Fluid.Values;
using Tutti.Mail.Merging.Filters;

namespace Tutti.Mail.Merging.Values;

/// <summary>
/// Compares values of columns as numbers where they are numbers, and as dates where a column has them. To Liquid a column is text: "100" would stand before "99", and would never equal 100.
/// </summary>
/// <param name="left">Left operand.</param>
/// <param name="right">Right operand.</param>
/// <param name="textToo">Are two texts that look like numbers compared as numbers? They are put in order by that, but equal only if they are the same text.</param>
/// <param name="numbers">How two numbers are compared.</param>
/// <param name="comparison">Makes Liquid's own comparison of two operands.</param>
internal sealed class NumericComparison(Expression left, Expression right, bool textToo, Func<decimal, decimal, bool> numbers, Func<Expression, Expression, Expression> comparison) : Expression
{
    public override ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var one = left.EvaluateAsync(context);
        var other = right.EvaluateAsync(context);
        return one.IsCompletedSuccessfully && other.IsCompletedSuccessfully ? Compare(one.Result, other.Result, context) : Wait(one, other, context);
    }

    private async ValueTask<FluidValue> Wait(ValueTask<FluidValue> one, ValueTask<FluidValue> other, TemplateContext context) => await Compare(await one, await other, context);

    private ValueTask<FluidValue> Compare(FluidValue one, FluidValue other, TemplateContext context)
        => IsDate(one) || IsDate(other)
            ? CompareDates(one, other, context)
            : (textToo || one is TypedField || other is TypedField || one is NumberValue != other is NumberValue) && NumberOf(one) is { } number && NumberOf(other) is { } otherNumber
            ? numbers(number, otherNumber) ? BooleanValue.True : BooleanValue.False
            : comparison(new LiteralExpression(one), new LiteralExpression(other)).EvaluateAsync(context);

    private ValueTask<FluidValue> CompareDates(FluidValue one, FluidValue other, TemplateContext context)
        => LocalFilters.DateOf(one, context) is { } date && LocalFilters.DateOf(other, context) is { } otherDate
            ? numbers(date.UtcTicks, otherDate.UtcTicks) ? BooleanValue.True : BooleanValue.False
            : comparison(new LiteralExpression(one), new LiteralExpression(other)).EvaluateAsync(context);

    private static bool IsDate(FluidValue value) => value is TypedField { Typed: DateTimeValue };

    private static decimal? NumberOf(FluidValue value) => value switch
    {
        NumberValue => value.ToNumberValue(),
        TypedField { Typed: NumberValue typed } => typed.ToNumberValue(),
        StringValue when decimal.TryParse(
            value.ToStringValue(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
