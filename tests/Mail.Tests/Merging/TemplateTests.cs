// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Mail.Merging;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Merging;

public sealed class TemplateTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("no fields", "")]
    [InlineData("{{ a }} and {{b}} and {{ A }}", "a,b")]
    [InlineData("{{ a | upcase | append: b }}", "a,b")]
    [InlineData("{% if a == \"x\" and b %}{{ c }}{% elsif d > 3 %}{% else %}{{ e }}{% endif %}", "a,b,d,c,e")]
    [InlineData("{% unless a %}x{% endunless %}{% case b %}{% when c %}1{% when \"y\" %}2{% else %}{{ d }}{% endcase %}", "a,b,c,d")]
    [InlineData("{% assign x = a %}{{ x }}{% capture y %}{{ b }}{% endcapture %}{{ y }}", "a,b")]
    [InlineData("{% assign parts = tags | split: ',' %}{% for t in parts %}{{ t }}{{ forloop.index }}{% endfor %}", "tags")]
    [InlineData("{{ a.b.c }}{{ d[e] }}", "a,d,e")]
    [InlineData("{% comment %}{{ a }}{% endcomment %}{% raw %}{{ b }}{% endraw %}", "")]
    [InlineData("{{ unsubscribe_url }} {{ name }}", "unsubscribe_url,name")]
    [InlineData("{% increment n %}{{ n }}", "")]
    public void The_merge_fields_of_a_template_are_found(string source, string fields)
    {
        Assert.True(Template.TryParse(source, ContentPart.Text, out var template, out var problem), problem?.Message);
        Assert.Equal(fields.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), template.FieldNames.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{{ a", 1)]
    [InlineData("one\ntwo {% if a %}\nthree", 3)]
    [InlineData("{% if %}x{% endif %}", 1)]
    [InlineData("line\n\n{% nothing %}", 3)]
    [InlineData("{{ a | }}", 1)]
    [InlineData("{% include 'file' %}", 1)]
    [InlineData("{% render 'file' %}", 1)]
    [InlineData("x\n{% endif %}", 2)]
    public void A_template_that_does_not_parse_is_refused_with_its_line(string source, int line)
    {
        Assert.False(Template.TryParse(source, ContentPart.Html, out var template, out var problem));
        Assert.Null(template);
        Assert.Equal(ContentPart.Html, problem.Part);
        Assert.Equal(line, problem.Line);
        Assert.True(problem.Column >= 1);
        Assert.NotEmpty(problem.Message);
        Assert.DoesNotContain("\n", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% if a %}")]
    [InlineData("{%- unless a -%}")]
    [InlineData("{% for i in a %}")]
    [InlineData("{% case a %}{% when 1 %}")]
    [InlineData("{% capture a %}")]
    public void Blocks_nested_without_end_are_refused_before_they_overflow_the_stack(string block)
    {
        Assert.False(Template.TryParse("x\n" + string.Concat(Enumerable.Repeat(block, 100_000)), ContentPart.Text, out _, out var problem));
        Assert.Equal(2, problem.Line);
        Assert.Contains("nested", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a[", "")]
    [InlineData("a | upcase | ", "upcase")]
    [InlineData("a or ", "a")]
    [InlineData("a.b", "")]
    public void Endless_expressions_are_refused(string piece, string end)
        => Assert.False(Template.TryParse("{{ " + string.Concat(Enumerable.Repeat(piece, 100_000)) + end + " }}", ContentPart.Text, out _, out _));

    [Fact]
    public void Many_blocks_one_after_the_other_are_fine()
        => Assert.True(Template.TryParse(string.Concat(Enumerable.Repeat("{% if a %}x{% else %}y{% endif %}", 1000)), ContentPart.Text, out _, out _));

    [Fact]
    public void Any_text_either_parses_or_has_a_problem()
        => Gen.OneOf("{{", "}}", "{%", "%}", "{%-", "-%}", " ", "\n", "a", "if", "endif", "else", "for", "in", "endfor", "|", "upcase", ":", "'", "\"", "==", "assign", "=", "raw", "endraw", "comment", "endcomment", ".", "[", "]", "(", ")", "1", "..", "<a href=\"", "\">", "{")
            .Array[0, 20].SampleRepeatably(
                parts =>
                {
                    if (!Template.TryParse(string.Concat(parts), ContentPart.Text, out _, out var problem))
                    {
                        Assert.NotEmpty(problem.Message);
                        Assert.True(problem is { Line: >= 1, Column: >= 1 });
                    }
                },
                iter: 3_000);
}
