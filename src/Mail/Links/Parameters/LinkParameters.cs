// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using Fluid;
using Fluid.Ast;
using Fluid.Values;
using Tutti.Mail.Merging;
using Tutti.Mail.Merging.Filters;

namespace Tutti.Mail.Links.Parameters;

/// <summary>Computes what the rules of a message add to each of its links. Nothing of a recipient goes into it: a target is the same for all.</summary>
internal sealed class LinkParameters(LinkPlan plan)
{
    private readonly List<(LinkParameter Rule, IFluidTemplate Value)> _rules = [.. plan.Parameters.Where(rule => rule.IsSound(out _, out _)).Select(rule => (rule, Parse(rule.Value)!))];

    /// <summary>What the value of a rule may name.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["job.code", "job.title", "link.alias", "link.label", "link.part"];

    /// <summary>What is wrong with the value of a rule, in words; null if nothing is.</summary>
    public static string? ProblemOf(string value)
    {
        if (!Liquid.TryParse(value, out var template, out var error))
        {
            return $"The value cannot be read: {error}";
        }

        var names = new NamesRead();
        names.VisitTemplate(template);
        if (names.Unknown is { } unknown)
        {
            return $"The value of a parameter knows no {unknown}. It may name {string.Join(", ", Fields)}; nothing of a recipient, because a link leads everybody to one target.";
        }

        return TryRender(template, new LinkPlan { JobCode = "A", JobTitle = "A" }, "a", "a", ContentPart.Html, out _, out var problem) ? null : $"The value cannot be computed: {problem}";
    }

    /// <summary>Names and values for a link to a host, in the order of the rules; the first rule for a name counts.</summary>
    public IReadOnlyList<(string Name, string Value)> For(string host, string alias, string label, ContentPart part)
    {
        var parameters = new List<(string Name, string Value)>();
        foreach (var (rule, template) in _rules)
        {
            if (rule.IsFor(host)
                && !parameters.Exists(one => string.Equals(one.Name, rule.Name, StringComparison.OrdinalIgnoreCase))
                && TryRender(template, plan, alias, label, part, out var value, out _)
                && value.Length is > 0 and <= LinkParameter.MaxValue)
            {
                parameters.Add((rule.Name, value));
            }
        }

        return parameters;
    }

    private static IFluidTemplate? Parse(string value) => Liquid.TryParse(value, out var template, out _) ? template : null;

    [SuppressMessage("Design", "CA1031", Justification = "Filters of the template engine throw whatever they like; the reason is told.")]
    private static bool TryRender(IFluidTemplate template, LinkPlan plan, string alias, string label, ContentPart part, out string value, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            var context = new MergeContext(new MergeRow(new MergeFields([]), [], ""), DateTimeOffset.UnixEpoch, new MergeLanguage(), []);
            context.SetValue("job", ObjectOf(("code", plan.JobCode), ("title", plan.JobTitle)));
            context.SetValue("link", ObjectOf(("alias", alias), ("label", label), ("part", part == ContentPart.Html ? "html" : "text")));
            value = template.Render(context, NullEncoder.Default).Trim();
            problem = null;
            return true;
        }
        catch (Exception exception)
        {
            value = "";
            problem = exception.Message;
            return false;
        }
    }

    private static FluidValue ObjectOf(params (string Name, string Value)[] members) =>
        FluidValue.Create(members.ToDictionary(member => member.Name, member => (object)member.Value), Liquid.Options);

    /// <summary>Finds the first name that is none of <see cref="Fields"/>.</summary>
    private sealed class NamesRead : AstVisitor
    {
        public string? Unknown { get; private set; }

        protected override Expression VisitMemberExpression(MemberExpression memberExpression)
        {
            var name = string.Join('.', memberExpression.Segments.Select(segment => segment is IdentifierSegment identifier ? identifier.Identifier : "[]"));
            if (!Fields.Contains(name))
            {
                Unknown ??= name;
            }

            return base.VisitMemberExpression(memberExpression);
        }
    }
}
