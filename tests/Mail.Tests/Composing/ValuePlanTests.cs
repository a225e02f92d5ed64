// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Links;
using Tutti.Mail.Merging;

namespace Tutti.Mail.Tests.Composing;

public sealed class ValuePlanTests
{
    [Fact]
    public void Values_come_in_the_order_of_their_indexes()
    {
        var message = Campaign.Compile(Campaign.Source with { Subject = "{{ a }}!", Text = "{{ b }} {{ a }}{% if a %}{{ b }}{% endif %}", Html = "{{ a }}" });
        var values = Campaign.Merge(message, ("a", "<1>"), ("b", "2"));
        Assert.Equal(["<1>!", "2", "<1>", "2", "&lt;1&gt;"], values.Values);
        Assert.Equal(message.Plan.Count, values.Values.Count);
    }

    [Fact]
    public void A_link_inside_a_condition_is_a_marker_in_the_value()
    {
        var message = Campaign.Compile(Campaign.Source with { Text = "{% if a %}https://example.org/ {{ unsubscribe_url }}{% endif %}" });
        Assert.Equal([$"{LinkMarker.Of(1)} {LinkMarker.Unsubscribe}"], Campaign.Merge(message, ("a", "x")).Values);
        Assert.Equal([""], Campaign.Merge(message).Values);
    }

    [Fact]
    public void Markers_survive_escaping_in_HTML()
    {
        var message = Campaign.Compile(Campaign.Source with { Text = null, Html = "{% if a %}<a href=\"https://example.org/\">x</a> <a href=\"{{ unsubscribe_url }}\">y</a>{% endif %}" });
        Assert.Equal([$"<a href=\"{LinkMarker.Of(1)}\">x</a> <a href=\"{LinkMarker.Unsubscribe}\">y</a>"], Campaign.Merge(message, ("a", "x")).Values);
    }

    [Fact]
    public void What_a_part_sets_is_seen_further_down_but_not_in_another_part()
    {
        var message = Campaign.Compile(Campaign.Source with { Text = "{% assign x = a | upcase %}one {{ x }} two {{ x | size }}", Html = "[{{ x }}]" });
        Assert.Equal(["ABC", "3", ""], Campaign.Merge(message, ("a", "abc")).Values);
    }

    [Fact]
    public void Recipients_do_not_see_each_others_variables()
    {
        var message = Campaign.Compile(Campaign.Source with { Text = "{% if a %}{% assign x = a %}{% endif %}{{ x }}{% increment n %}{% cycle 'p', 'q' %}" });
        Assert.Equal("first0p", string.Concat(Campaign.Merge(message, ("a", "first")).Values));
        Assert.Equal("0p", string.Concat(Campaign.Merge(message).Values));
    }

    [Fact]
    public void The_moment_that_templates_see_is_handed_in()
    {
        var message = Campaign.Compile(Campaign.Source with { Text = "{{ 'now' | date: '%d.%m.%Y %H:%M' }}" });
        Assert.Equal(["01.03.2026 09:05"], Campaign.Merge(message).Values);
    }

    [Fact]
    public void Each_empty_field_is_named_once()
    {
        var message = Campaign.Compile(Campaign.Source with { Subject = "{{ a }} {{ b }}", Text = "{{ a }}{{ A }}{% if true %}{{ a }}{% endif %}" });
        Assert.Equal(["a", "b"], Campaign.Merge(message).EmptyFields.Order(StringComparer.Ordinal));
        Assert.Empty(Campaign.Merge(message, ("a", "x"), ("b", "y")).EmptyFields);
    }

    [Fact]
    public void Many_threads_may_compute_at_once()
    {
        var message = Campaign.Compile(Campaign.Source with { Text = "{{ a }}{% if b > 50 %} {{- a | upcase }}{% endif %} {% assign c = b %}{{ c }}" });
        var fields = new MergeFields(["a", "b"]);
        Parallel.For(0, 2000, i =>
        {
            var row = new MergeRow(fields, [$"v{i}", $"{i % 100}"], "anna@example.net");
            Assert.True(message.Plan.TryCompute(row, Campaign.Now, out var values, out _));
            Assert.Equal($"v{i}{(i % 100 > 50 ? $"V{i}" : "")}{i % 100}", string.Concat(values.Values));
        });
    }

    [Fact]
    public void A_column_is_printed_as_it_is_even_if_it_was_compared_as_a_number()
    {
        var message = Campaign.Compile(Campaign.Source with { Text = "{% if n > 9 %}{{ n }}{% endif %}" });
        Assert.Equal(["010.50"], Campaign.Merge(message, ("n", "010.50")).Values);
    }

    [Theory]
    [InlineData("n > 9", "10", true)]
    [InlineData("n > 9", "9", false)]
    [InlineData("n >= 9", "9", true)]
    [InlineData("n < 9", "10", false)]
    [InlineData("9 < n", "10", true)]
    [InlineData("n <= 9.5", "9.25", true)]
    [InlineData("n > -1", "-2", false)]
    [InlineData("n == 10", "10", true)]
    [InlineData("n == 10", "10.0", true)]
    [InlineData("n == 10", "11", false)]
    [InlineData("n != 10", "10", false)]
    [InlineData("n == \"10\"", "10", true)]
    [InlineData("n == \"10\"", "10.0", false)]
    [InlineData("n > m", "10", true)]
    [InlineData("n > 9", "", false)]
    [InlineData("n < 9", "", false)]
    [InlineData("n == 0", "", false)]
    [InlineData("n == \"abc\"", "abc", true)]
    [InlineData("n > \"abc\"", "abd", true)]
    [InlineData("n > 9 and n < 11 or n == 5", "10", true)]
    public void Numbers_in_columns_compare_as_numbers(string condition, string value, bool holds)
    {
        var message = Campaign.Compile(Campaign.Source with { Text = "{% if " + condition + " %}yes{% else %}no{% endif %}" });
        Assert.Equal([holds ? "yes" : "no"], Campaign.Merge(message, ("n", value), ("m", "9")).Values);
    }

    [Fact]
    public void A_recipient_whose_message_fails_does_not_harm_the_next()
    {
        var message = Campaign.Compile(Campaign.Source with { Text = "{% for i in (1..n) %}x{% endfor %}" });
        var fields = new MergeFields(["n"]);
        Assert.False(message.Plan.TryCompute(new MergeRow(fields, ["99999999"], "anna@example.net"), Campaign.Now, out _, out var problem));
        Assert.Contains("range", problem, StringComparison.Ordinal);
        Assert.Equal(["xxx"], Campaign.Merge(message, ("n", "3")).Values);
    }
}
