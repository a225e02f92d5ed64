// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Content.Translating;
using Tutti.Mail.Composing;
using Tutti.Mail.Merging;

namespace Tutti.Lui.Tests.Content.Translating;

public sealed class TranslateTests
{
    [Theory]
    [InlineData("Dear &NAME;, &*TO; &*NAME; &FIRST_NAME;", "Dear {{ NAME }}, {{ address }} {{ name }} {{ FIRST_NAME }}")]
    [InlineData("Tom &amp; Jerry&nbsp;&copy; &BOOK1;", "Tom &amp; Jerry&nbsp;&copy; {{ BOOK1 }}")]
    [InlineData("&euro; and &Euro; are columns here", "{{ euro }} and {{ Euro }} are columns here")]
    [InlineData("<a href=\"https://example.org/?id=&ID;&x=1\">", "<a href=\"https://example.org/?id={{ ID }}&x=1\">")]
    [InlineData("{{*UnsubscribeURL}} {{ *Unsubscribe\tURL }}", "{{ unsubscribe_url }} {{ unsubscribe_url }}")]
    [InlineData("A\n.BB &X = y\nyes\n.ELSE\nno\n.EB\nZ", "A\n{% if X == \"y\" %}yes\n{% else %}no\n{% endif %}Z")]
    [InlineData(".bb &AGE >= 18 and &*TO ^= \"a b\"\n&NAME;\n.eb", "{% if AGE >= 18 and address != \"a b\" %}{{ NAME }}\n{% endif %}")]
    [InlineData(".BB &X =\n.BB &ZIP = 01234\nin\n.EB\n.EB\n", "{% if X == \"\" %}{% if ZIP == \"01234\" %}in\n{% endif %}{% endif %}")]
    [InlineData("a\n.* for us only\nb", "a\nb")]
    public void Fields_blocks_and_comments_become_Liquid(string written, string liquid)
    {
        var translation = Translate.Of(written, ["EURO"]);

        Assert.Equal(liquid, translation.Text);
        Assert.Empty(translation.Left);
        Assert.True(translation.Changes > 0);
        Assert.True(Template.TryParse(translation.Text, ContentPart.Text, out _, out var problem), problem?.Message);
    }

    [Theory]
    [InlineData("x\n.BB &A = 1 AND &B = 2 OR &C = 3\n&N;\n.EB", "2 .BB &A = 1 AND &B = 2 OR &C = 3;4 .EB", "x\n.BB &A = 1 AND &B = 2 OR &C = 3\n{{ N }}\n.EB")]
    [InlineData(".BB &A IN (1 2)\n.EB", "1 .BB &A IN (1 2);2 .EB", ".BB &A IN (1 2)\n.EB")]
    [InlineData(".* c\n.BB &A = 1\n.EB\n&*X;", "1 &*X;", "{% if A == 1 %}{% endif %}&*X;")]
    [InlineData(".EB\n.BB &A = 1", "1 .EB;2 .BB &A = 1", ".EB\n.BB &A = 1")]
    [InlineData("&*TOFIELD; {{*SocialMedia}}", "1 &*TOFIELD;;1 {{*SocialMedia}}", "&*TOFIELD; {{*SocialMedia}}")]
    public void What_has_no_counterpart_stays_and_is_listed_with_its_line(string written, string left, string text)
    {
        var translation = Translate.Of(written, []);

        Assert.Equal(text, translation.Text);
        Assert.Equal(left, string.Join(';', translation.Left.Select(place => $"{place.Line} {place.Written}")));
        Assert.All(translation.Left, place => Assert.NotEmpty(place.Reason));
    }

    [Theory]
    [InlineData("y", "A\nyes\nZ")]
    [InlineData("x", "A\nno\nZ")]
    [InlineData("", "A\nno\nZ")]
    public void Rule_12_one_branch_is_inserted_only_and_comments_never_leave(string value, string seen)
    {
        var translation = Translate.Of("A\n.* for us only\n.BB &X = y\nyes\n.ELSE\nno\n.EB\nZ", ["X"]);
        var source = new MessageSource { Subject = "s", Text = translation.Text, FromAddress = "news@example.org" };

        Assert.True(CompiledMessage.TryCompile(source, out var message, out var problems), string.Join('\n', problems));
        Assert.True(message.Plan.TryCompute(new MergeRow(new MergeFields(["X"]), [value], "anna@example.net"), DateTimeOffset.UnixEpoch, out var values, out var problem), problem);
        Assert.Equal(seen, MessagePreview.Of(message, values, "#leave").Text!.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void What_is_Liquid_already_is_left_alone()
    {
        const string Liquid = "Dear {{ name }},\n{% if a == \"&b\" %}x & y;{% endif %}";

        Assert.Equal((Liquid, 0), (Translate.Of(Liquid, []).Text, Translate.Of(Liquid, []).Changes));
    }
}
