// SPDX-License-Identifier: Apache-2.0
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Values;
using Tutti.Mail.Merging.Filters;

namespace Tutti.Mail.Merging;

/// <summary>Prints like Liquid's own output statement, and notes the fields behind an output that came out empty.</summary>
internal sealed class PrintStatement(Expression expression, IReadOnlyList<string> fields) : Statement
{
    public override ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        context.IncrementSteps();
        var evaluated = expression.EvaluateAsync(context);
        if (!evaluated.IsCompletedSuccessfully)
        {
            return Wait(evaluated, writer, encoder, context);
        }

        var value = evaluated.Result;
        var written = value.WriteToAsync(writer, encoder, context.CultureInfo);
        Note(value, context);
        return written.IsCompletedSuccessfully ? new ValueTask<Completion>(Completion.Normal) : Wait(written);
    }

    private static async ValueTask<Completion> Wait(ValueTask written)
    {
        await written;
        return Completion.Normal;
    }

    private async ValueTask<Completion> Wait(ValueTask<FluidValue> evaluated, TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        var value = await evaluated;
        await value.WriteToAsync(writer, encoder, context.CultureInfo);
        Note(value, context);
        return Completion.Normal;
    }

    private void Note(FluidValue value, TemplateContext context)
    {
        // A number is never printed as nothing, and making it a text takes time.
        if (fields.Count > 0 && value is not NumberValue && value.ToStringValue().Length == 0 && context is MergeContext rendering)
        {
            rendering.EmptyFields.AddRange(fields);
        }
    }
}
