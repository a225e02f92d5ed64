// SPDX-License-Identifier: Apache-2.0
using Fluid.Ast;

namespace Tutti.Mail.Merging;

/// <summary>Puts our own statements and expressions into a template in the place of Liquid's.</summary>
internal sealed class TemplateRewriter(IReadOnlyList<string> fieldsOfTemplate) : AstRewriter
{
    protected override Statement VisitOutputStatement(OutputStatement outputStatement)
    {
        var collector = new FieldNameCollector();
        collector.Visit(outputStatement.Expression);
        var fields = collector.Fields().Intersect(fieldsOfTemplate, StringComparer.OrdinalIgnoreCase);
        return new PrintStatement(Visit(outputStatement.Expression), [.. fields]);
    }

    protected override Expression VisitRangeExpression(RangeExpression rangeExpression) => new BoundedRange(rangeExpression);
}
