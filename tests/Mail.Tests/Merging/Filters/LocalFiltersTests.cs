// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Composing;
using Tutti.Mail.Merging;
using Tutti.Mail.Merging.Filters;

namespace Tutti.Mail.Tests.Merging.Filters;

public sealed class LocalFiltersTests
{
    [Theory]
    [InlineData("de", "{{ amount | number }}", "1.234,5")]
    [InlineData("en", "{{ amount | number: 2 }}", "1,234.50")]
    [InlineData("de", "{{ amount | number: 0 }}", "1.235")]
    [InlineData("fr", "{{ amount | number: 1 }}", "1 234,5")]
    [InlineData("de", "{{ amount | currency: \"EUR\" }}", "1.234,50 €")]
    [InlineData("en-US", "{{ amount | currency: 'usd' }}", "$1,234.50")]
    [InlineData("en-GB", "{{ amount | currency: 'JPY' }}", "¥1,235")]
    [InlineData("de", "{{ amount | currency: 'KWD' }}", "1.234,500 KWD")]
    [InlineData("en", "{{ amount | currency: 'CHF', 0 }}", "CHF 1,235")]
    [InlineData("en", "{{ share | percent }}", "13%")]
    [InlineData("de", "{{ share | percent: 1 }}", "12,5 %")]
    [InlineData("de", "{{ day | local_date }}", "1. März 2026")]
    [InlineData("en-GB", "{{ day | local_date }}", "1 March 2026")]
    [InlineData("en-US", "{{ day | local_date: 'full' }}", "Sunday, March 1, 2026")]
    [InlineData("fr", "{{ day | local_date: 'weekday' }}", "dimanche")]
    [InlineData("de", "{{ day | local_date: 'short' }}", "01.03.2026")]
    [InlineData("de", "{{ day | local_date: 'month' }}", "März 2026")]
    [InlineData("de", "{{ 'now' | local_date }}", "2. Februar 2026")]
    [InlineData("de", "{{ moment | local_time }}", "14:03")]
    [InlineData("ja", "{{ day | local_date }}", "2026年3月1日")]
    public void Numbers_amounts_and_dates_are_written_in_the_language_of_the_message(string language, string source, string text) =>
        Assert.Equal(text, Text(source, new MergeLanguage(language)));

    [Theory]
    [InlineData("{{ words | number }} {{ words | currency: 'EUR' }} {{ words | local_date }}|{{ gap | number }}{{ gap | local_date }}", "none none none|")]
    [InlineData("{{ '1,5' | number }}", "1,5")]
    public void What_is_no_number_and_no_date_is_printed_as_it_stands(string source, string text) => Assert.Equal(text, Text(source, new MergeLanguage("de")));

    [Theory]
    [InlineData("fr", "1 234,5")]
    [InlineData("DE_at", "1 234,5")]
    [InlineData("de-XX", "1.234,5")]
    [InlineData("", "1,234.5")]
    [InlineData("klingon", "1,234.5")]
    [InlineData("../../etc", "1,234.5")]
    public void The_recipients_own_language_goes_before_that_of_the_message(string own, string text) =>
        Assert.Equal(text, Text("{{ amount | number }}", new MergeLanguage("en", "LANG"), own));

    // Which blank a language has between its digits differs between versions of its data.
    private static string Text(string source, MergeLanguage language, string own = "")
    {
        var message = Compiled(source, language);
        var row = new MergeRow(
            new MergeFields(["amount", "share", "day", "moment", "words", "gap", "lang"]), ["1234.5", "0.125", "2026-03-01", "2026-03-01T14:03:00", "none", "", own], "a@b.example");
        Assert.True(message.Plan.TryCompute(row, new DateTimeOffset(2026, 2, 2, 9, 5, 0, TimeSpan.Zero), out var values, out var problem), problem);
        return MessagePreview.Of(message, values).Text!.Replace('\u00A0', ' ').Replace('\u202F', ' ');
    }

    private static CompiledMessage Compiled(string source, MergeLanguage language)
    {
        Assert.True(CompiledMessage.TryCompile(new MessageSource { Subject = "x", Text = source, FromAddress = "a@b.example", Language = language }, out var message, out var problems), string.Join("; ", problems));
        return message;
    }
}
