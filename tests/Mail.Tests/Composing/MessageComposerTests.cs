// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using CsCheck;
using Tutti.Mail.Composing;
using Tutti.Mail.Links;
using Tutti.Mail.Tests.Transfer;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Composing;

public sealed class MessageComposerTests
{
    [Fact]
    public void Whatever_is_merged_the_message_is_fit_for_the_wire_and_reads_as_meant()
    {
        var message = Campaign.Compile(Campaign.Source with
        {
            Subject = "Re {{ a }} {{ b }}",
            Html = "<p>{{ a }}</p><a href=\"https://example.org/\">{{ b }}</a>{% if a %}<b>{{ b | raw }}</b>{% endif %} end",
            Text = "A{{ a }}B\n{{ b }}{{ a }}\nhttps://example.org/\n{% unless b %}none{% endunless %}C",
        });
        var composer = Campaign.Composer(message);
        Gen.Select(WireText.Any, WireText.Any).SampleRepeatably(
            (a, b) =>
            {
                var values = Campaign.Merge(message, ("a", a), ("b", b));
                var bytes = Campaign.Bytes(composer, Campaign.Recipient(values) with { DisplayName = a });
                WireText.AssertOnTheWire(bytes, 998);

                var mime = Campaign.Read(bytes);
                var preview = MessagePreview.Of(message, values);
                (a, b) = (WireText.Lines(a), WireText.Lines(b));
                Assert.Equal($"A{a}B\n{b}{a}\n#\n{(b.Length == 0 ? "none" : "")}C\n", Untracked(mime.Text()) + "\n");
                Assert.Equal(Untracked(preview.Html!), Untracked(mime.Html()));
                Assert.Equal(Untracked(preview.Text!), Untracked(mime.Text()));
                Assert.Equal(preview.Subject, mime.Subject ?? "");
                Assert.Equal("anna@example.net", mime.To.Mailboxes.Single().Address);
            },
            iter: 1_000);
    }

    [Fact]
    public void Whatever_is_written_the_message_is_fit_for_the_wire_and_reads_as_meant()
        => WireText.Any.Where(text => !text.Contains('{', StringComparison.Ordinal)).SampleRepeatably(
            text =>
            {
                var source = Campaign.Source with { Subject = text, Text = text, Html = text, FromName = text, Tracking = TrackingType.Off };
                var message = Campaign.Compile(source);
                var bytes = Campaign.Bytes(Campaign.Composer(message), Campaign.Recipient(Campaign.Merge(message)));
                WireText.AssertOnTheWire(bytes, 998);
                var mime = Campaign.Read(bytes);
                Assert.Equal(WireText.Lines(text).ReplaceLineEndings("\n").TrimStart('\uFEFF'), WireText.Lines(mime.Text()));
                Assert.Equal(WireText.Lines(mime.Text()), WireText.Lines(mime.Html()));
            },
            iter: 1_000);

    [Fact]
    public void Hostile_values_and_markers_never_break_the_wire()
    {
        var message = Campaign.Compile(Campaign.Source with { Subject = "{{ a }}", Text = "{{ a }}" });
        var composer = Campaign.Composer(message);
        Gen.OneOf(Gen.String, Gen.OneOf("\u0001", "\u0002", "L", "O", "U", "1", "99999999999", "\u0001L1\u0002", "\u0001U\u0002", "\r", "\n", "\0", "x").Array[0, 15].Select(parts => string.Concat(parts))).SampleRepeatably(
            value =>
            {
                var bytes = Campaign.Bytes(composer, new MessageRecipient(1, "anna@example.net", value, null, [value, value]));
                WireText.AssertOnTheWire(bytes, 998);
                var mime = Campaign.Read(bytes);
                Assert.DoesNotContain('\u0001', mime.Text());
                Assert.Single(mime.To.Mailboxes);
            },
            iter: 2_000);
    }

    [Fact]
    public void Too_few_values_are_a_problem_and_write_nothing()
    {
        var composer = Campaign.Composer(Campaign.Compile(Campaign.Source with { Text = "{{ a }} {{ b }}" }));
        var output = new ArrayBufferWriter<byte>();
        Assert.False(composer.TryCompose(output, new MessageRecipient(1, "anna@example.net", "", null, ["one"]), Campaign.Now, out var problem));
        Assert.Equal("The message needs 2 values and has 1.", problem);
        Assert.Equal(0, output.WrittenCount);
    }

    [Theory]
    [InlineData("anna@example.net\r\nBcc: eve@example.org")]
    [InlineData("anna b@example.net")]
    [InlineData("änna@example.net")]
    public void An_address_that_a_header_cannot_carry_is_a_problem(string address)
    {
        var composer = Campaign.Composer(Campaign.Compile(Campaign.Source));
        Assert.False(composer.TryCompose(new ArrayBufferWriter<byte>(), new MessageRecipient(1, address, "", null, []), Campaign.Now, out var problem));
        Assert.NotEmpty(problem);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(99, 1)]
    public void A_slot_that_this_version_does_not_know_is_refused(int kind, int encoding)
        => Assert.Throws<ArgumentException>(() => new MessageComposer([Piece.Of(new Slot((SlotKind)kind, 0, (SlotEncoding)encoding))], Settings()));

    [Theory]
    [InlineData("ftp://example.org")]
    [InlineData("example.org")]
    [InlineData("https://example.org/\"><script>")]
    [InlineData("")]
    public void A_tracking_URL_that_is_none_is_refused(string url)
        => Assert.Throws<ArgumentException>(() => new MessageComposer([], Settings() with { TrackingUrl = url }));

    [Theory]
    [InlineData("")]
    [InlineData("example.org>\r\nX: y")]
    [InlineData("exa mple.org")]
    public void A_domain_for_Message_IDs_that_is_none_is_refused(string domain)
        => Assert.Throws<ArgumentException>(() => new MessageComposer([], Settings() with { MessageIdDomain = domain }));

    [Fact]
    public void Many_threads_may_compose_at_once()
    {
        var message = Campaign.Compile(Campaign.Source with { Text = "{{ a }} https://example.org/" });
        var composer = Campaign.Composer(message);
        var recipients = Enumerable.Range(1, 200).Select(i => new MessageRecipient((ulong)i, $"a{i}@example.net", "", (ulong)i, [$"value {i}"])).ToList();
        var together = new byte[recipients.Count][];
        Parallel.For(0, recipients.Count, i => together[i] = Campaign.Bytes(composer, recipients[i]));
        Assert.All(recipients.Zip(together), pair => Assert.Equal(Encoding.ASCII.GetString(Campaign.Bytes(composer, pair.First)), Encoding.ASCII.GetString(pair.Second)));
    }

    private static ComposerSettings Settings() => new()
    {
        JobId = 1,
        Key = Campaign.Key,
        TrackingUrl = "https://click.example.org",
        Tracking = TrackingType.Personal,
        MessageIdDomain = "example.org",
    };

    /// <summary>With a sign in the place of every URL that differs between preview and mail.</summary>
    private static string Untracked(string text)
    {
        text = WireText.Lines(text).TrimEnd('\n');
        foreach (var start in (string[])["https://click.example.org/", "data:image/gif"])
        {
            for (var at = text.IndexOf(start, StringComparison.Ordinal); at >= 0; at = text.IndexOf(start, StringComparison.Ordinal))
            {
                var end = text.AsSpan(at).IndexOfAny('"', '\n', ' ');
                text = text[..at] + "#" + (end < 0 ? "" : text[(at + end)..]);
            }
        }

        return text.Replace("\nhttps://example.org/\n", "\n#\n", StringComparison.Ordinal).Replace("\"https://example.org/\"", "\"#\"", StringComparison.Ordinal);
    }
}
