// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Composing;
using Tutti.Mail.Merging;

namespace Tutti.Mail.Tests.Merging;

public sealed class RenderingTests
{
    private static readonly DateTimeOffset _now = new(2026, 3, 1, 9, 5, 7, TimeSpan.Zero);
    private static readonly MergeFields _fields = new(["a", "b", "n", "gap"]);

    [Theory]
    [InlineData("Dear {{ a }}!", "Dear Anna & Bo!")]
    [InlineData("{{ A }}{{ b }}", "Anna & Bo<b>")]
    [InlineData("{{ a | upcase }}", "ANNA & BO")]
    [InlineData("{{ b | raw }}", "<b>")]
    [InlineData("{% if a %}yes{% else %}no{% endif %}", "yes")]
    [InlineData("{% if gap %}yes{% else %}no{% endif %}", "no")]
    [InlineData("{% if missing %}yes{% else %}no{% endif %}", "no")]
    [InlineData("{% if gap == \"\" %}yes{% endif %}{% if gap == blank %}yes{% endif %}{% if gap == nil %}yes{% endif %}{% if gap == empty %}!{% endif %}", "yesyesyes!")]
    [InlineData("{% if n > 3 %}big{% else %}small{% endif %}", "small")]
    [InlineData("{{ n | plus: 1 }}", "4")]
    [InlineData("{{ gap | default: \"friend\" }}", "friend")]
    [InlineData("{% assign x = a | downcase %}{{ x }}, {{ x | size }}", "anna & bo, 9")]
    [InlineData("{% capture x %}[{{ a }}]{% endcapture %}{{ x }}", "[Anna & Bo]")]
    [InlineData("{% assign list = 'x,y' | split: ',' %}{% for i in list %}{{ forloop.index }}{{ i }}{% endfor %}", "1x2y")]
    [InlineData("a {%- if a -%} b {%- endif -%} c", "abc")]
    [InlineData("a {{- a -}} c", "aAnna & Boc")]
    [InlineData("{% raw %}{{ a }}{% endraw %}{% comment %}x{% endcomment %}", "{{ a }}")]
    [InlineData("{{ \"now\" | date: \"%Y-%m-%d %H:%M\" }}", "2026-03-01 09:05")]
    public void Text_is_rendered(string source, string text) => Assert.Equal(text, Text(source).Text);

    // The original's formulas are Liquid here: whole numbers divide without a rest, text and number join, a condition chooses one of two.
    [Theory]
    [InlineData("{{ 7 | divided_by: 2 }}", "3")]
    [InlineData("{{ \"a\" | append: 1 }}", "a1")]
    [InlineData("{% if n > 100 %}Too Large{% else %}Small Enough{% endif %}", "Small Enough")]
    [InlineData("{% if n > 1 %}Too Large{% else %}Small Enough{% endif %}", "Too Large")]
    public void Rule_11_formulas_divide_whole_numbers_join_text_and_choose(string source, string text) => Assert.Equal(text, Text(source).Text);

    [Theory]
    [InlineData("{{ a }}", "Anna &amp; Bo")]
    [InlineData("{{ b }}", "&lt;b&gt;")]
    [InlineData("{{ b | upcase }}", "&lt;B&gt;")]
    [InlineData("{{ b | raw }}", "<b>")]
    [InlineData("{% if a %}<i>{{ b }}</i>{% endif %}", "<i>&lt;b&gt;</i>")]
    [InlineData("{{ b | escape }}", "&lt;b&gt;")]
    public void Values_are_escaped_in_HTML(string source, string html)
        => Assert.Equal(html, Preview(new MessageSource { Subject = "s", Html = source, FromAddress = "news@example.org", Tracking = Mail.Links.TrackingType.Off }, out _).Html);

    [Theory]
    [InlineData("{{ a }}", "")]
    [InlineData("{{ gap }}{{ GAP }}", "gap")]
    [InlineData("{{ missing }}", "missing")]
    [InlineData("{{ gap | upcase }}", "gap")]
    [InlineData("{% if a %}{{ missing }}{% endif %}", "missing")]
    [InlineData("{% if gap %}{{ gap }}{% endif %}", "")]
    [InlineData("{{ gap | default: \"x\" }}", "")]
    [InlineData("{% for i in (1..3) %}{{ gap }}{% endfor %}", "gap")]
    [InlineData("{% case a %}{% when b %}{% else %}{{ gap }}{% endcase %}", "gap")]
    [InlineData("{% unless gap %}{{ missing }}{% endunless %}", "missing")]
    public void A_gap_in_the_text_is_reported_with_its_field(string source, string fields)
        => Assert.Equal(fields.Split(',', StringSplitOptions.RemoveEmptyEntries), Text(source).Empty);

    [Theory]
    [InlineData("{% for i in (1..1000) %}{% for j in (1..1000) %}x{% endfor %}{% endfor %}")]
    [InlineData("{% for i in (1..100000000) %}x{% endfor %}")]
    [InlineData("{% assign s = a %}{% for i in (1..100) %}{% assign s = s | append: s %}{% endfor %}")]
    [InlineData("{% assign s = a %}{% for i in (1..100) %}{% capture s %}{{ s }}{{ s }}{% endcapture %}{% endfor %}")]
    [InlineData("{% tablerow i in (1..100000000) %}x{% endtablerow %}")]
    [InlineData("{% assign r = (1..100000000) %}{{ r | size }}")]
    [InlineData("{{ a | nosuchfilter }}")]
    public void A_template_that_cannot_be_rendered_is_a_problem_of_the_recipient(string source)
    {
        var message = Composing.Campaign.Compile(new MessageSource { Subject = "s", Text = source, FromAddress = "news@example.org" });
        Assert.False(message.Plan.TryCompute(Data(), _now, out var values, out var problem));
        Assert.Null(values);
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void A_subject_with_fields_is_rendered_as_a_whole()
    {
        var preview = Preview(new MessageSource { Subject = "Hi {{ a }}{% if gap %}x{% endif %}, {{ b }}", Text = "t", FromAddress = "news@example.org" }, out var message);
        Assert.Equal("Hi Anna & Bo, <b>", preview.Subject);
        Assert.Equal(1, message.Plan.Count);
    }

    [Fact]
    public void A_field_that_is_printed_twice_is_one_value()
    {
        var message = Composing.Campaign.Compile(new MessageSource { Subject = "s", Text = "{{ a }} {{ A }} {{ b }}", FromAddress = "news@example.org" });
        Assert.Equal(2, message.Plan.Count);
    }

    private static (string Text, IReadOnlyList<string> Empty) Text(string source)
    {
        var message = Composing.Campaign.Compile(new MessageSource { Subject = "s", Text = source, FromAddress = "news@example.org" });
        Assert.True(message.Plan.TryCompute(Data(), _now, out var values, out var problem), problem);
        return (MessagePreview.Of(message, values).Text!, values.EmptyFields);
    }

    private static MessagePreview Preview(MessageSource source, out CompiledMessage message)
    {
        message = Composing.Campaign.Compile(source);
        Assert.True(message.Plan.TryCompute(Data(), _now, out var values, out var problem), problem);
        return MessagePreview.Of(message, values);
    }

    private static MergeRow Data() => new(_fields, ["Anna & Bo", "<b>", "3", ""], "anna@example.org", "Anna");
}
