// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Merging;

namespace Tutti.Mail.Tests.Merging;

public sealed class NamePlacesTests
{
    [Theory]
    [InlineData("Dear {{ town }}", "1:9 town")]
    [InlineData("a\r\nb {{-TOWN}} {{ city }} {% if x == town %}", "2:6 TOWN;2:35 town")]
    [InlineData("{{ \"town\" }}{{ a.town }}{{ town.a }}town", "1:28 town")]
    [InlineData("{% comment %}{{ town }}{% endcomment %}{{ x | append: town }}", "1:55 town")]
    [InlineData("{{ town", "1:4 town")]
    [InlineData("{{ x['town'] }}{{ towns }}{{ 'a", "")]
    public void The_places_of_a_field_are_found(string source, string expected) => Assert.Equal(expected, Places(source));

    [Theory]
    [InlineData("{{ x | upcase | nonsense: town }}", "1:17 |nonsense;1:27 town")]
    [InlineData("{{ x | town }}", "1:8 |town")]
    [InlineData("{% assign y = x | date: '%Y' %}", "")]
    public void A_filter_that_does_not_exist_is_found_and_is_no_field(string source, string expected) => Assert.Equal(expected, Places(source));

    private static string Places(string source) =>
        string.Join(';', NamePlaces.Of(source, ["Town"]).Select(place => $"{place.Line}:{place.Column} {(place.IsFilter ? "|" : "")}{place.Name}"));
}
