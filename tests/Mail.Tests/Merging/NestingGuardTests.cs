// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Merging;

namespace Tutti.Mail.Tests.Merging;

public sealed class NestingGuardTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{{")]
    [InlineData("{ { {% x %} }}")]
    [InlineData("{{ a[b[c]] }}{% if a %}{% endif %}")]
    public void Ordinary_templates_pass(string source) => Assert.Null(NestingGuard.Check(source));

    [Theory]
    [InlineData(40, true)]
    [InlineData(41, false)]
    public void Blocks_may_be_nested_forty_deep(int depth, bool passes)
    {
        var source = string.Concat(Enumerable.Repeat("{% if a %}", depth)) + string.Concat(Enumerable.Repeat("{% endif %}", depth));
        Assert.Equal(passes, NestingGuard.Check(source) is null);
        Assert.Equal(passes, Template.TryParse(source, ContentPart.Text, out _, out _));
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Brackets_may_be_nested_twenty_deep(int depth, bool passes)
    {
        var source = "{{ " + string.Concat(Enumerable.Repeat("a[", depth)) + "b" + new string(']', depth) + " }}";
        Assert.Equal(passes, NestingGuard.Check(source) is null);
        Assert.Equal(passes, Template.TryParse(source, ContentPart.Text, out _, out _));
    }

    [Theory]
    [InlineData(4000, true)]
    [InlineData(4001, false)]
    public void A_tag_may_have_4000_characters(int length, bool passes)
        => Assert.Equal(passes, NestingGuard.Check("{{" + new string('a', length) + "}}") is null);

    [Fact]
    public void The_place_is_told() => Assert.Equal(5, NestingGuard.Check("text {{" + new string('a', 5000) + "}}")?.Position);
}
