// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Composing;
using Tutti.Mail.Merging;
using Tutti.Mail.Merging.Filters;

namespace Tutti.Mail.Tests.Merging.Filters;

/// <summary>Templates that would take all memory or time are refused for the recipient; the process goes on.</summary>
public sealed class HostileTemplateTests
{
    private const string Large = "{% capture s %}{% for i in (1..9000) %}0123456789{% endfor %}{% endcapture %}";

    [Theory]
    [InlineData(Large + "{{ s | replace: '0', s }}", "makes more than")]
    [InlineData(Large + "{% assign list = s | split: '9' %}{{ list | join: s }}", "makes more than")]
    [InlineData(Large + "{% assign list = s | split: '' %}{{ list | size }}", "A list has more than")]
    [InlineData("{% assign a = 'a,b' | split: ',' %}{% for i in (1..60) %}{% assign a = a | concat: a %}{% endfor %}", "A list has more than")]
    [InlineData(Large + "{% for i in (1..9000) %}{% assign x = s | upcase | size %}{% endfor %}", "looks at more than")]
    [InlineData(Large + "{% for i in (1..9000) %}{% assign x = s | split: '9' | sort | size %}{% endfor %}", "looks at more than")]
    [InlineData("{% for i in (1..9999) %}{% for j in (1..9999) %}{% endfor %}{% endfor %}", "")]
    [InlineData("{{ 1 | format_number: 'N999999999' }}", "There is no filter")]
    [InlineData("{{ '{0,999999999}' | format_string: 'x' }}", "There is no filter")]
    [InlineData("{{ 'now' | format_date: 'D' }}", "There is no filter")]
    [InlineData("{{ 79228162514264337593543950335 | times: 10 }}", "")]
    public void A_filter_that_makes_much_of_little_is_stopped_before_it_does(string source, string reason)
    {
        Assert.True(CompiledMessage.TryCompile(new MessageSource { Subject = "x", Text = source, FromAddress = "a@b.example" }, out var message, out _));

        Assert.False(message.Plan.TryCompute(new MergeRow(new MergeFields([]), [], "a@b.example"), DateTimeOffset.UnixEpoch, out _, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void All_filters_that_are_offered_are_there()
    {
        var source = string.Concat(FilterNames.Plain.Concat(FilterNames.Local.Keys).Where(name => !Picky(name)).Select(name => $"{{{{ '1' | {name} }}}}"));

        Assert.True(CompiledMessage.TryCompile(new MessageSource { Subject = "x", Text = source, FromAddress = "a@b.example" }, out var message, out _));
        Assert.True(message.Plan.TryCompute(new MergeRow(new MergeFields([]), [], "a@b.example"), DateTimeOffset.UnixEpoch, out _, out var problem), problem);
    }

    // They ask for an argument, or for one of a kind.
    private static bool Picky(string name) => name.StartsWith("base64", StringComparison.Ordinal) || name.StartsWith("re", StringComparison.Ordinal) || name is "divided_by" or "modulo" or "map" or "where" or "reject" or "find" or "find_index" or "slice";
}
