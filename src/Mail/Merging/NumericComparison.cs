// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Tutti.Mail.Merging;

/// <summary>
/// Compares values of columns as numbers where they are numbers. To Liquid a column is text: "100" would stand before "99", and would never equal 100.
/// </summary>
/// <param name="left">Left operand.</param>
/// <param name="right">Right operand.</param>
/// <param name="textToo">Are two texts that look like numbers compared as numbers? They are put in order by that, but equal only if they are the same text.</param>
/// <param name="comparison">Makes Liquid's own comparison of two operands.</param>
internal sealed class NumericComparison(Expression left, Expression right, bool textToo, Func<Expression, Expression, Expression> comparison) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var one = await left.EvaluateAsync(context);
        var other = await right.EvaluateAsync(context);
        if ((textToo || one is NumberValue != other is NumberValue) && NumberOf(one) is { } number && NumberOf(other) is { } otherNumber)
        {
            (one, other) = (NumberValue.Create(number), NumberValue.Create(otherNumber));
        }

        return await comparison(new LiteralExpression(one), new LiteralExpression(other)).EvaluateAsync(context);
    }

    private static decimal? NumberOf(FluidValue value) => value switch
    {
        NumberValue => value.ToNumberValue(),
        StringValue when decimal.TryParse(
            value.ToStringValue(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
