// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Fluid.Ast;
using Fluid.Parser;
using Tutti.Mail.Links;

namespace Tutti.Mail.Merging;

/// <summary>A parsed text with merge fields, conditions and loops in Liquid.</summary>
public sealed class Template
{
    private Template(ContentPart part, IReadOnlyList<string> fieldNames, IReadOnlyList<TemplateStep> steps)
    {
        Part = part;
        FieldNames = fieldNames;
        Steps = steps;
    }

    /// <summary>What kind of text it is; decides whether merged values are escaped.</summary>
    public ContentPart Part { get; }

    /// <summary>The fields that it takes from a recipient's data, in the order of their first use. System fields are among them.</summary>
    public IReadOnlyList<string> FieldNames { get; }

    internal IReadOnlyList<TemplateStep> Steps { get; }

    /// <summary>Parses a template.</summary>
    public static bool TryParse(string source, ContentPart part, [NotNullWhen(true)] out Template? template, [NotNullWhen(false)] out TemplateProblem? problem)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (NestingGuard.Check(source) is var (position, message))
        {
            var before = source.AsSpan(0, position);
            template = null;
            problem = new TemplateProblem(part, before.Count('\n') + 1, position - before.LastIndexOf('\n'), message);
            return false;
        }

        if (!Liquid.TryParse(source, out var parsed, out var error))
        {
            template = null;
            problem = ProblemOf(part, error);
            return false;
        }

        // Liquid reads an empty text as no template at all.
        parsed ??= new FluidTemplate([]);
        var names = new FieldNameCollector();
        names.VisitTemplate(parsed);
        var fields = names.Fields();
        var original = ((IStatementList)parsed).Statements;
        var printing = ((IStatementList)new TemplateRewriter(fields).VisitTemplate(parsed)).Statements;
        template = new Template(part, fields, StepsOf(original, printing, names.OwnNames));
        problem = null;
        return true;
    }

    private static List<TemplateStep> StepsOf(IReadOnlyList<Statement> original, IReadOnlyList<Statement> printing, IReadOnlySet<string> ownNames)
    {
        var steps = new List<TemplateStep>();
        var text = new StringBuilder();
        var pending = new List<Statement>();
        for (var i = 0; i < original.Count; i++)
        {
            if (TextOf(original[i], ownNames) is { } part)
            {
                if (part.Length > 0)
                {
                    EndDynamic();
                    text.Append(part);
                }
            }
            else if (FieldOf(original[i], ownNames) is { } field)
            {
                EndDynamic();
                EndText();
                steps.Add(new TemplateStep.Field(field));
            }
            else
            {
                if (!IsSilent(original[i]))
                {
                    EndText();
                }

                pending.Add(printing[i]);
            }
        }

        EndDynamic();
        EndText();
        return steps;

        void EndText()
        {
            if (text.Length > 0)
            {
                steps.Add(new TemplateStep.Fixed(text.ToString()));
                text.Clear();
            }
        }

        // What only sets variables prints nothing: it waits for the next statement that prints instead of making a slot.
        void EndDynamic()
        {
            if (pending.Exists(statement => !IsSilent(statement)))
            {
                steps.Add(new TemplateStep.Dynamic([.. pending]));
                pending.Clear();
            }
        }
    }

    private static bool IsSilent(Statement statement) => statement is AssignStatement or CaptureStatement;

    private static string? TextOf(Statement statement, IReadOnlySet<string> ownNames)
    {
        switch (statement)
        {
            case TextSpanStatement span:
                span.PrepareBuffer(Liquid.Options);
                return span.Buffer;
            case RawStatement raw:
                return raw.Text.ToString();
            case CommentStatement:
                return "";
            case OutputStatement when FieldOf(statement, ownNames) is { } name && name.Equals(SystemFields.UnsubscribeUrl, StringComparison.OrdinalIgnoreCase):
                return LinkMarker.Unsubscribe;
            default:
                return null;
        }
    }

    private static string? FieldOf(Statement statement, IReadOnlySet<string> ownNames)
        => statement is OutputStatement output && NameOf(output) is { } name && !ownNames.Contains(name) ? name : null;

    private static string? NameOf(OutputStatement output)
        => output.Expression is MemberExpression { Segments: [IdentifierSegment only] } ? only.Identifier : null;

    /// <summary>The parser writes "what is wrong at (line:column)" and the source behind it.</summary>
    private static TemplateProblem ProblemOf(ContentPart part, string error)
    {
        var first = error.AsSpan(0, error.AsSpan().IndexOf('\n') is var end and >= 0 ? end : error.Length);
        var at = first.LastIndexOf(" at (");
        var position = at < 0 ? default : first[(at + 5)..].TrimEnd(')');
        var colon = position.IndexOf(':');
        if (colon > 0
            && int.TryParse(position[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            && int.TryParse(position[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var column))
        {
            return new TemplateProblem(part, line, Math.Max(column, 1), first[..at].ToString());
        }

        return new TemplateProblem(part, 1, 1, first.ToString());
    }
}
