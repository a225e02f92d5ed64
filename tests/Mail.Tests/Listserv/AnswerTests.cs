// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Mail.Listserv;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Listserv;

public sealed class AnswerTests
{
    private static readonly string[] _records =
    [
        "***HDR*** joan@example.com", "***NAME*** Joan Doe", "***LIST*** NEWS-L", "", "***OPT*** MAIL", "REPRO", "NOACK", "***SUBDATE*** 3 Mar 2019",
        "***HDR*** ü@example.com", "***NAME***", "***LIST*** NEWS-L", "", "***OPT*** NOMAIL", "***OPT*** CONCEAL", "***TOPICS*** ALL",
    ];

    [Fact]
    public void A_query_gives_a_record_for_each_subscriber()
    {
        var (found, sentence) = Read(_records);
        Assert.Null(sentence);
        Assert.Collection(
            found,
            one =>
            {
                Assert.Equal(("joan@example.com", "Joan Doe", "NEWS-L"), (one.Address, one.Name, one.List));
                Assert.Equal(["MAIL", "REPRO", "NOACK"], one.Options);
                Assert.True(one.GetsMail);
            },
            one =>
            {
                Assert.Equal(("ü@example.com", "", "NEWS-L"), (one.Address, one.Name, one.List));
                Assert.Equal(["NOMAIL", "CONCEAL"], one.Options);
                Assert.False(one.GetsMail);
            });
    }

    [Theory]
    [InlineData("You are not subscribed to the NEWS-L list.")]
    [InlineData("There is no list by that name.")]
    public void A_query_without_a_match_gives_the_sentence(string words)
    {
        var (found, sentence) = Read([words]);
        Assert.Empty(found);
        Assert.Equal(words, sentence);
    }

    [Fact]
    public void Records_that_are_cut_or_mixed_up_break_nothing() =>
        Gen.OneOf(Gen.Int[0, _records.Length - 1].Select(at => _records[at]), Gen.String[0, 12]).Array[0, 40].SampleRepeatably(lines =>
        {
            var (found, _) = Read(lines);
            Assert.Equal(lines.Count(line => line.StartsWith("***HDR***", StringComparison.Ordinal) && line.Trim().Length > 9), found.Count);
        });

    [Fact]
    public void The_lists_are_the_first_words_of_their_lines()
    {
        Assert.Equal(["NEWS-L", "Staff.2024"], ListName.Read(["NEWS-L     News for everybody.", "Staff.2024", "", "news-l again"]));
        Assert.Empty(ListName.Read(["You do not own any list."]));
        Assert.Empty(ListName.Read([]));
    }

    [Theory]
    [InlineData("NEWS-L", true)]
    [InlineData("a", true)]
    [InlineData("NEWS L", false)]
    [InlineData("NEWS(MSG", false)]
    [InlineData("-L", false)]
    [InlineData("", false)]
    [InlineData("L\nDELETE", false)]
    public void A_list_has_a_plain_name(string name, bool isSound) => Assert.Equal(isSound, ListName.IsSound(name));

    [Fact]
    public void A_header_is_stored_line_by_line_with_its_counts()
    {
        Assert.True(ListHeader.TryRead(["* test", "*", "* Owner= joan@example.com", "* Notebook=No", "* Confidential=Yes   "], out var header));
        Assert.Equal(["* test", "*", "* Owner= joan@example.com", "* Notebook=No", "* Confidential=Yes"], header.Lines);
        Assert.True(header.TryStore("TEST-L", out var command, out _));
        Assert.Equal("X-STL TEST-L 6_* test1_*25_* Owner= joan@example.com13_* Notebook=No18_* Confidential=Yes", command);
    }

    [Theory]
    [InlineData("* Müller")]
    [InlineData("* a\tb")]
    [InlineData("* 3456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345")]
    public void A_header_that_might_be_miscounted_is_not_stored(string line)
    {
        Assert.True(ListHeader.TryRead(["* Title", line], out var header));
        Assert.False(header.TryStore("L", out var command, out var problem));
        Assert.Null(command);
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void A_sentence_is_no_header() => Assert.False(ListHeader.TryRead(["The list is not known.", "* maybe"], out _));

    [Theory]
    [InlineData("20240229235959 BOUNCE joan@example.com 5.1.1 no such user", "BOUNCE", "joan@example.com", "5.1.1 no such user")]
    [InlineData("20020131080000 SOFTBOUNCE x@y.z", "SOFTBOUNCE", "x@y.z", "")]
    [InlineData("20020131080000 CHANGE old@y.z new@y.z", "CHANGE", "old@y.z", "new@y.z")]
    public void A_line_of_the_change_log_tells_what_happened_to_whom(string line, string what, string whom, string rest)
    {
        Assert.True(ChangeLogLine.TryRead(line, out var read));
        Assert.Equal((what, whom, rest), (read.Event, read.Address, read.Rest));
        Assert.Equal(line[..14], read.At.ToString("yyyyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("The file is not known.")]
    [InlineData("20240230000000 BOUNCE a@b.c")]
    [InlineData("20240229235959 BOUNCE")]
    [InlineData("2024022923595 BOUNCE a@b.c")]
    public void Anything_else_is_no_line_of_it(string line) => Assert.False(ChangeLogLine.TryRead(line, out _));

    private static (List<Subscription> Found, string? Sentence) Read(IEnumerable<string> lines)
    {
        var (reader, found) = (new SubscriptionReader(), new List<Subscription?>());
        foreach (var line in lines)
        {
            found.Add(reader.Take(line));
        }

        found.Add(reader.End());
        return ([.. found.OfType<Subscription>()], reader.Sentence);
    }
}
