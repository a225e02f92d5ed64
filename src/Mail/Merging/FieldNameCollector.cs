// SPDX-License-Identifier: Apache-2.0
using Fluid.Ast;

namespace Tutti.Mail.Merging;

/// <summary>Walks over a template and notes which names it reads and which it sets itself.</summary>
internal sealed class FieldNameCollector : AstVisitor
{
    private static readonly string[] _given = ["forloop", "tablerowloop", "now"];

    private readonly List<string> _read = [];
    private readonly HashSet<string> _set = new(_given, StringComparer.OrdinalIgnoreCase);

    /// <summary>Names that the template sets itself: assigned, captured, counted, or loop variables.</summary>
    public IReadOnlySet<string> OwnNames => _set;

    /// <summary>Names that must come from the recipient's data, in the order of their first use.</summary>
    public IReadOnlyList<string> Fields() => [.. _read.Where(name => !_set.Contains(name)).Distinct(StringComparer.OrdinalIgnoreCase)];

    protected override Expression VisitMemberExpression(MemberExpression memberExpression)
    {
        if (memberExpression.Segments[0] is IdentifierSegment first)
        {
            _read.Add(first.Identifier);
        }

        foreach (var segment in memberExpression.Segments)
        {
            if (segment is IndexerSegment indexer)
            {
                Visit(indexer.Expression);
            }
        }

        return base.VisitMemberExpression(memberExpression);
    }

    protected override Statement VisitAssignStatement(AssignStatement assignStatement)
    {
        _set.Add(assignStatement.Identifier);
        return base.VisitAssignStatement(assignStatement);
    }

    protected override Statement VisitCaptureStatement(CaptureStatement captureStatement)
    {
        _set.Add(captureStatement.Identifier);
        return base.VisitCaptureStatement(captureStatement);
    }

    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        _set.Add(forStatement.Identifier);
        return base.VisitForStatement(forStatement);
    }

    protected override Statement VisitTableRowStatement(TableRowStatement tableRowStatement)
    {
        _set.Add(tableRowStatement.Identifier);
        return base.VisitTableRowStatement(tableRowStatement);
    }

    protected override Statement VisitIncrementStatement(IncrementStatement incrementStatement)
    {
        _set.Add(incrementStatement.Identifier);
        return base.VisitIncrementStatement(incrementStatement);
    }

    protected override Statement VisitDecrementStatement(DecrementStatement decrementStatement)
    {
        _set.Add(decrementStatement.Identifier);
        return base.VisitDecrementStatement(decrementStatement);
    }
}
