// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Mail.Composing;
using Tutti.Mail.Merging;
using Tutti.Mail.TextParts;

namespace Tutti.Mail.Tests.TextParts;

public sealed class TextFromHtmlTests
{
    private static readonly string[] _pieces =
    [
        "<p>", "</p>", "<ul>", "<li>", "</ul>", "<table>", "<td>", "x ", "\n", "{{ name }}", "{% if city %}", "{% else %}", "{% endif %}", "<a href=\"{{ city }}\">", "</a>", "<!--", "-->", "<b", ">",
        "\"", "{% raw %}", "{% endraw %}", "<style>", "</style>", "&amp;", "<",
    ];

    [Theory]
    [InlineData("", "")]
    [InlineData("<p>One  two\n three</p><p>Four</p>", "One two three\n\nFour\n")]
    [InlineData("<div>One</div><div>Two</div>Three<br>Four", "One\nTwo\nThree\nFour\n")]
    [InlineData("<h1>News</h1><p>Text</p><h2>More of it</h2>x<h3>Small</h3>y", "News\n====\n\nText\n\nMore of it\n----------\n\nx\n\nSmall\n\ny\n")]
    [InlineData("<b>Bold</b> and <i>italic</i>, A&amp;B &lt;x&gt; caf&eacute;", "Bold and italic, A&B <x> café\n")]
    [InlineData("<ul><li>One</li><li><p>Two</p></li></ul><p>End</p>", "- One\n- Two\n\nEnd\n")]
    [InlineData("<ol><li>One<ul><li>Inner</li></ul></li><li>Two</li></ol>", "1. One\n  - Inner\n2. Two\n")]
    [InlineData("<table><tr><th>City</th><th>Seats</th></tr><tr><td>Bonn</td><td>3</td></tr></table>", "City | Seats\nBonn | 3\n")]
    [InlineData("<table role=\"presentation\"><tr><td>Left</td><td>Right</td></tr></table>", "Left\nRight\n")]
    [InlineData("<table><tr><td><p>Left</p></td><td><p>Right</p></td></tr></table>", "Left\n\nRight\n")]
    [InlineData("<a href=\"https://example.org/a?b=1&amp;c=2\">Read on</a>.", "Read on <https://example.org/a?b=1&c=2>.\n")]
    [InlineData("<a href=\"https://example.org/\">https://example.org/</a> <a href='https://example.org'>example.org</a>", "https://example.org/ example.org\n")]
    [InlineData("<a href=\"#top\">Up</a> <a name=x>Here</a> <a href=\"mailto:a@b.example\">a@b.example</a>", "Up Here a@b.example\n")]
    [InlineData("<a href=\"https://example.org/x\"><img src=a.png alt=\"Our shop\"></a>", "Our shop <https://example.org/x>\n")]
    [InlineData("<a href=\"https://example.org/x\"><img src=a.png></a>", "https://example.org/x\n")]
    [InlineData("<head><title>T</title><style>p{}</style></head><!-- c --><script>1<2</script><p style=\"display: none\">gone<b>x</b></p>Seen", "Seen\n")]
    [InlineData("<pre>a\n  b</pre>", "a\n  b\n")]
    [InlineData("<blockquote>Said<br>twice</blockquote>after", "Said\n  twice\n\nafter\n")]
    [InlineData("One<hr>Two", "One\n\n------------------------------------------------------------\n\nTwo\n")]
    [InlineData("1 < 2 and 3 > 2 {x} </nothing>", "1 < 2 and 3 > 2 {x}\n")]
    public void Words_links_lists_tables_and_headings_stay_readable(string html, string text) => Assert.Equal(text, TextFromHtml.Convert(html).Replace("\u00A0", "", StringComparison.Ordinal));

    [Theory]
    [InlineData("<p>Dear {{ name }},</p><p>Bye</p>", "Dear Ada,\n\nBye\n")]
    [InlineData("<p>A</p>{% if city %}<p>B</p>{% endif %}<p>C</p>", "A\n\nB\n\nC\n")]
    [InlineData("<p>A</p>{% if gap %}<p>B</p>{% endif %}<p>C</p>", "A\n\nC\n")]
    [InlineData("<p>A {% if gap %}x{% else %}y{% endif %} z</p>", "A y z\n")]
    [InlineData("<ul>{% for i in (1..3) %}<li>Nr {{ i }}</li>{% endfor %}</ul>End", "- Nr 1\n- Nr 2\n- Nr 3\n\nEnd\n")]
    [InlineData("<ol>{% for i in (1..2) %}<li>{{ i }}</li>{% endfor %}</ol>", "- 1\n- 2\n")]
    [InlineData("<a href=\"https://example.org/{{ city }}\">{{ name }}</a>", "Ada <https://example.org/Bonn>\n")]
    [InlineData("<style>{% assign x = 'set' %}</style><!-- {{ nothing }} --><p {% if gap %}class=a{% endif %}>{{ x }}</p>", "set\n")]
    [InlineData("<!-- {% if gap %} --><p>gone</p><!-- {% endif %} -->seen", "seen\n")]
    [InlineData("<p>{% comment %}no{% endcomment %}{% raw %}{{ as it is }}{% endraw %}</p>", "{{ as it is }}\n")]
    [InlineData("<a href=\"{{ unsubscribe_url }}\">Leave</a>", "Leave <#unsubscribe>\n")]
    public void Fields_conditions_and_loops_do_the_same_in_both_parts(string html, string text) => Assert.Equal(text, Rendered(TextFromHtml.Convert(html)).TrimStart('\n'));

    [Fact]
    public void What_parses_as_HTML_parses_as_text_too() => Gen.Int[0, _pieces.Length - 1].Array[0, 30].Select(picked => string.Concat(picked.Select(at => _pieces[at]))).Sample(html =>
    {
        var text = TextFromHtml.Convert(html);
        Assert.True(!Template.TryParse(html, ContentPart.Html, out _, out _) || Template.TryParse(text, ContentPart.Text, out _, out _), text);
    });

    private static string Rendered(string text)
    {
        var source = new MessageSource { Subject = "x", Text = text, FromAddress = "a@b.example" };
        Assert.True(CompiledMessage.TryCompile(source, out var message, out var problems), string.Join("; ", problems));
        Assert.True(message.Plan.TryCompute(new MergeRow(new MergeFields(["name", "city", "gap"]), ["Ada", "Bonn", ""], "a@b.example"), DateTimeOffset.UnixEpoch, out var values, out var problem), problem);
        return MessagePreview.Of(message, values).Text!;
    }
}
