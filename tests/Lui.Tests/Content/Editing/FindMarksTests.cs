// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Content;
using Tutti.Lui.Content.Editing;
using Tutti.Mail.Merging;

namespace Tutti.Lui.Tests.Content.Editing;

public sealed class FindMarksTests
{
    private static readonly MergeFields _fields = new(["First name", "CITY"]);

    [Fact]
    public void A_mistake_in_the_language_is_marked_with_line_and_column_in_its_own_part()
    {
        var marks = FindMarks.In(new JobContent("Hello", "<p>\n{{ city | }}</p>", "{% if"), _fields);

        Assert.Empty(marks.Subject);
        Assert.Equal((2, "error"), (Assert.Single(marks.Html).Line, marks.Html[0].Severity));
        Assert.Equal((1, "error"), (Assert.Single(marks.Text).Line, marks.Text[0].Severity));
    }

    [Fact]
    public void A_field_without_a_column_is_marked_each_time_it_stands_there()
    {
        var marks = FindMarks.In(new JobContent("{{ town }}", "{{ First_name }} {{ city }} {{ unsubscribe_url }}", "x\n{{ town }}{% if TOWN %}{% endif %}"), _fields);

        Assert.Equal(new ContentMark(1, 4, 4, "warning", "The recipients have no column town."), Assert.Single(marks.Subject));
        Assert.Empty(marks.Html);
        Assert.Equal([(2, 4), (2, 17)], marks.Text.Select(mark => (mark.Line, mark.Column)));
    }

    [Fact]
    public void The_preheader_is_looked_at_and_a_text_that_is_not_sent_is_not()
    {
        var marks = FindMarks.In(new JobContent("", "<p>a</p>", "{% if") { Preheader = "For {{ town }}", IsTextAutomatic = true }, _fields);

        Assert.Equal(8, Assert.Single(marks.Preheader).Column);
        Assert.Empty(marks.Text);
    }

    [Fact]
    public void Without_recipients_no_field_is_called_unknown_but_a_filter_is()
    {
        var mark = Assert.Single(FindMarks.In(new JobContent("", "{{ town | nonsense }}", ""), null).Html);

        Assert.Equal((11, 8, "error"), (mark.Column, mark.Length, mark.Severity));
    }

    [Fact]
    public void Columns_are_completed_as_they_are_written_and_go_before_fields_of_the_system()
    {
        var offered = Completion.OfFields(["First name", "NAME"]).Select(field => field.Label);

        Assert.Equal(["First_name", "NAME", "address", "unsubscribe_url"], offered);
    }
}
