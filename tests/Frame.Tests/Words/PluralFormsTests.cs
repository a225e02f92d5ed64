// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;

namespace Tutti.Frame.Tests.Words;

public sealed class PluralFormsTests
{
    [Theory]
    [InlineData("en", 0, "many")]
    [InlineData("en", 1, "one")]
    [InlineData("de", 2, "many")]
    [InlineData("fr", 0, "one")]
    [InlineData("fr", 2, "many")]
    public void Two_forms_go_by_the_rule_of_the_language(string language, long count, string form) =>
        Assert.Equal(form, PluralForms.Choose("one|many", count, CultureInfo.GetCultureInfo(language)));

    [Theory]
    [InlineData("pl", 1, "one")]
    [InlineData("pl", 3, "few")]
    [InlineData("pl", 13, "many")]
    [InlineData("pl", 21, "many")]
    [InlineData("ru", 21, "one")]
    [InlineData("ru", 22, "few")]
    [InlineData("ru", 12, "many")]
    [InlineData("cs", 4, "few")]
    [InlineData("cs", 5, "many")]
    [InlineData("lt", 9, "few")]
    [InlineData("lt", 11, "many")]
    [InlineData("ro", 0, "few")]
    [InlineData("ro", 20, "many")]
    public void Three_forms_go_by_the_rule_of_the_language(string language, long count, string form) =>
        Assert.Equal(form, PluralForms.Choose("one|few|many", count, CultureInfo.GetCultureInfo(language)));

    [Theory]
    [InlineData(1, "one")]
    [InlineData(102, "two")]
    [InlineData(3, "few")]
    [InlineData(5, "many")]
    public void Slovene_has_four_forms(long count, string form) =>
        Assert.Equal(form, PluralForms.Choose("one|two|few|many", count, CultureInfo.GetCultureInfo("sl")));

    [Theory]
    [InlineData("ja")]
    [InlineData("pl")]
    public void A_text_that_is_not_translated_keeps_the_forms_of_English(string language)
    {
        Assert.Equal("one", PluralForms.Choose("one|many", 1, CultureInfo.GetCultureInfo(language)));
        Assert.Equal("many", PluralForms.Choose("one|many", 5, CultureInfo.GetCultureInfo(language)));
    }

    [Fact]
    public void A_text_with_one_form_needs_no_rule() => Assert.Equal("all", PluralForms.Choose("all", 7, CultureInfo.GetCultureInfo("ja")));
}
