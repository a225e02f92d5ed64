// SPDX-License-Identifier: Apache-2.0
using Fluid.Ast;
using Fluid.Ast.BinaryExpressions;
using Tutti.Mail.Merging.Values;

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

    protected override Expression VisitGreaterThanBinaryExpression(GreaterThanBinaryExpression comparison)
        => Compare(comparison, true, (one, other) => one > other || (!comparison.Strict && one == other), (left, right) => new GreaterThanBinaryExpression(left, right, comparison.Strict));

    protected override Expression VisitLowerThanBinaryExpression(LowerThanBinaryExpression comparison)
        => Compare(comparison, true, (one, other) => one < other || (!comparison.Strict && one == other), (left, right) => new LowerThanBinaryExpression(left, right, comparison.Strict));

    protected override Expression VisitEqualBinaryExpression(EqualBinaryExpression comparison)
        => Compare(comparison, false, (one, other) => one == other, (left, right) => new EqualBinaryExpression(left, right));

    protected override Expression VisitNotEqualBinaryExpression(NotEqualBinaryExpression comparison)
        => Compare(comparison, false, (one, other) => one != other, (left, right) => new NotEqualBinaryExpression(left, right));

    protected override Expression VisitRangeExpression(RangeExpression rangeExpression) => new BoundedRange(rangeExpression);

    private NumericComparison Compare(BinaryExpression comparison, bool textToo, Func<decimal, decimal, bool> numbers, Func<Expression, Expression, Expression> make)
        => new(Visit(comparison.Left), Visit(comparison.Right), textToo, numbers, make);
}
