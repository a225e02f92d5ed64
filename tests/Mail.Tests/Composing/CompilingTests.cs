// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Composing;

namespace Tutti.Mail.Tests.Composing;

public sealed class CompilingTests
{
    [Fact]
    public void A_template_problem_is_told_with_the_authors_own_line_and_column()
    {
        // The link before the error is replaced by a marker; the column must not move with it.
        var problem = Assert.Single(Campaign.Problems(Campaign.Source with { Html = "<p>\n<a href=\"https://example.org/a/long/address\">x</a> {% if %}</p>" }));
        Assert.Equal("Html", problem.Field);
        Assert.Equal(2, problem.Line);
        Assert.True(problem.Column > 50, $"column {problem.Column}");
    }

    [Fact]
    public void All_problems_are_told_together()
    {
        var problems = Campaign.Problems(Campaign.Source with
        {
            Subject = "{{",
            Text = "{% x %}",
            FromAddress = "nobody",
            ReplyTo = "a@b",
            ListId = "<x>",
            FeedbackId = "a:b:c:d:e",
            ExtraHeaders = [new("Subject", "x"), new("X Y", "x"), new("X-Z", "a\r\nBcc: b@example.org"), new("", "x")],
        });
        Assert.Equal(
            ["ExtraHeaders", "ExtraHeaders", "ExtraHeaders", "ExtraHeaders", "FeedbackId", "FromAddress", "ListId", "ReplyTo", "Subject", "Text"],
            problems.Select(problem => problem.Field).Order(StringComparer.Ordinal));
        Assert.All(problems, problem => Assert.NotEmpty(problem.Message));
    }

    [Fact]
    public void A_message_needs_a_part() => Assert.Equal("Text", Assert.Single(Campaign.Problems(Campaign.Source with { Text = null })).Field);

    [Fact]
    public void A_sender_with_an_internationalised_domain_is_written_in_ASCII()
        => Assert.Equal("news@xn--bcher-kva.example", Assert.Single(Campaign.Compose(Campaign.Source with { FromAddress = "news@bücher.example" }).From.Mailboxes).GetAddress(true));

    [Fact]
    public void What_never_differs_is_fixed_bytes()
    {
        var message = Campaign.Compile(Campaign.Source);
        Assert.Equal([SlotKind.To, SlotKind.Date, SlotKind.MessageId, SlotKind.Unsubscribe], message.Pieces.Select(piece => piece.Slot?.Kind).OfType<SlotKind>());
        Assert.Equal(0, message.Plan.Count);
    }

    [Fact]
    public void What_differs_is_a_slot()
    {
        var message = Campaign.Compile(Campaign.Source with
        {
            Subject = "Hi {{ a }}",
            Text = "{{ a }} https://example.org/ {{ unsubscribe_url }}{% if b %}x{% endif %}",
        });
        Assert.Equal(
            [
                new Slot(SlotKind.Value, 0, SlotEncoding.Header), new Slot(SlotKind.Unsubscribe, 0, SlotEncoding.Raw), new Slot(SlotKind.Value, 1, SlotEncoding.QuotedPrintable),
                new Slot(SlotKind.Link, 1, SlotEncoding.QuotedPrintable), new Slot(SlotKind.Unsubscribe, 0, SlotEncoding.QuotedPrintable), new Slot(SlotKind.Value, 2, SlotEncoding.QuotedPrintable),
            ],
            message.Pieces.Select(piece => piece.Slot).OfType<Slot>().Where(slot => slot.Kind is SlotKind.Value or SlotKind.Link or SlotKind.Unsubscribe));
    }

    [Fact]
    public void A_byte_order_mark_is_no_text()
        => Assert.Equal("x", Campaign.Compose(Campaign.Source with { Text = "\uFEFFx" }).Text().TrimEnd());
}
