// SPDX-License-Identifier: Apache-2.0
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;

namespace Tutti.Mail.Merging;

/// <summary>Prints like Liquid's own output statement, and notes the fields behind an output that came out empty.</summary>
internal sealed class PrintStatement(Expression expression, IReadOnlyList<string> fields) : Statement
{
    /// <summary>Key of the list in the context's ambient values.</summary>
    public const string EmptyFields = "empty fields";

    public override async ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        context.IncrementSteps();
        var value = await expression.EvaluateAsync(context);
        await value.WriteToAsync(writer, encoder, context.CultureInfo);
        if (fields.Count > 0 && value.ToStringValue().Length == 0 && context.AmbientValues.TryGetValue(EmptyFields, out var list) && list is List<string> empty)
        {
            empty.AddRange(fields);
        }

        return Completion.Normal;
    }
}
