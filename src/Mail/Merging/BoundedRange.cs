// SPDX-License-Identifier: Apache-2.0
using Fluid;
using Fluid.Ast;
using Fluid.Values;
using Tutti.Mail.Merging.Filters;

namespace Tutti.Mail.Merging;

/// <summary>A range of numbers that is refused before it fills the memory.</summary>
internal sealed class BoundedRange(RangeExpression range) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var from = (await range.From.EvaluateAsync(context)).ToNumberValue();
        var to = (await range.To.EvaluateAsync(context)).ToNumberValue();
        Work.Charge(context, (int)Math.Clamp(to - from + 1, 1, Liquid.MaxRange));
        return to - from < Liquid.MaxRange ? await range.EvaluateAsync(context) : throw new MergeException($"A range has more than {Liquid.MaxRange} numbers.");
    }
}
