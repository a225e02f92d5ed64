// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Composing;
using Tutti.Mail.Merging;

namespace Tutti.Mail.Tests.Merging;

public sealed class ColumnTypeTests
{
    private static readonly string[] _columns = ["fee", "born", "active", "no", "gap"];
    private static readonly string[] _row = ["1.200,50", "03.04.1980", "no", "17", ""];

    [Theory]
    [InlineData("number", "1,234,567.5 -3 +0.25 1'000 12", "1,23 1,2345 1.2.3 .5 5. 1,234'567 x")]
    [InlineData("number 1.234,56", "1.234.567,5 -3 12,5", "1,234.5 12.5")]
    [InlineData("date", "2026-11-24 2026-1-2 2026-11-24T09:30 2026-11-24T09:30:00+01:00", "24.11.2026 2026-13-01 today")]
    [InlineData("date MM/dd/yyyy", "11/24/2026 1/2/2026", "24/11/2026")]
    [InlineData("date yyyyMMdd", "20261124", "2026-11-24 20261340")]
    [InlineData("boolean", "yes NO true 1 0 off y", "maybe 2")]
    [InlineData("text", "anything", "")]
    public void Values_fit_their_column_or_not(string words, string fitting, string misfitting)
    {
        Assert.True(ColumnType.TryParse(words, out var type));
        Assert.True(type.Fits(""));
        Assert.All(fitting.Split(' '), value => Assert.True(type.Fits(value), value));
        Assert.All(misfitting.Split(' ', StringSplitOptions.RemoveEmptyEntries), value => Assert.False(type.Fits(value), value));
        Assert.True(ColumnType.TryParse(type.ToString(), out var again));
        Assert.Equal(type, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("figure")]
    [InlineData("1")]
    [InlineData("date soon")]
    [InlineData("text yes")]
    public void What_is_no_type_is_not_read(string words) => Assert.False(ColumnType.TryParse(words, out _));

    [Theory]
    [InlineData("{{ fee }} {{ born }} {{ active }}", "1.200,50 03.04.1980 no")] // Printed as it stands in the column.
    [InlineData("{{ fee | currency: 'EUR' }}", "€1,200.50")]
    [InlineData("{{ fee | plus: 1 }}", "1201.5")]
    [InlineData("{{ born | local_date: 'short' }}", "4/3/1980")]
    [InlineData("{{ born | date: '%Y-%m-%d' }}", "1980-04-03")]
    [InlineData("{% if active %}on{% else %}off{% endif %}", "off")]
    [InlineData("{% if active == false %}off{% endif %}{% if active == 'no' %}!{% endif %}", "off!")]
    [InlineData("{% if fee > 1200 %}much{% endif %}", "much")]
    [InlineData("{% if fee == 1200.5 %}just{% endif %}", "just")]
    [InlineData("{% if born < '1980-04-04' %}before{% endif %}{% if born < 'now' %}!{% endif %}", "before!")]
    [InlineData("{% if born == '1980-04-03' %}then{% endif %}", "then")]
    [InlineData("{% if gap %}full{% else %}empty{% endif %}", "empty")]
    [InlineData("{% case no %}{% when 17 %}found{% endcase %}", "found")]
    public void Conditions_and_filters_see_numbers_dates_and_truth(string template, string expected) =>
        Assert.Equal(expected, Merged(template, "number 1.234,56", "date dd.MM.yyyy", "boolean", "number", "number"));

    [Fact]
    public void A_value_that_does_not_fit_is_text() => Assert.Equal("1.200,50 much", Merged("{{ fee | currency: 'EUR' }} {% if fee %}much{% endif %}", "date"));

    [Fact]
    public void Without_types_everything_is_text() => Assert.Equal("on1.200,50", Merged("{% if active %}on{% endif %}{{ fee | currency: 'EUR' }}"));

    private static string Merged(string template, params string[] types)
    {
        var known = types.Select(words => ColumnType.TryParse(words, out var type) ? type : throw new FormatException(words)).ToList();
        Assert.True(CompiledMessage.TryCompile(new MessageSource { Subject = "x", Text = template, FromAddress = "a@b.example" }, out var message, out var problems), string.Join("; ", problems));
        var row = new MergeRow(new MergeFields(_columns, known), _row, "a@b.example");
        Assert.True(message.Plan.TryCompute(row, new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero), out var values, out var problem), problem);
        return MessagePreview.Of(message, values).Text!;
    }
}
