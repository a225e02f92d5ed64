// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Mail.Addresses;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Addresses;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("anna@example.org", "anna@example.org", "anna@example.org")]
    [InlineData("  Anna.B@Example.ORG ", "Anna.B@example.org", "anna.b@example.org")]
    [InlineData("o'neil+tag@sub.example.co.uk", "o'neil+tag@sub.example.co.uk", "o'neil+tag@sub.example.co.uk")]
    [InlineData("info@bücher.example", "info@xn--bcher-kva.example", "info@xn--bcher-kva.example")]
    [InlineData("info@BÜCHER.example", "info@xn--bcher-kva.example", "info@xn--bcher-kva.example")]
    [InlineData("\"anna.b\"@example.org", "\"anna.b\"@example.org", "anna.b@example.org")]
    [InlineData("\"anna..b\"@example.org", "\"anna..b\"@example.org", "\"anna..b\"@example.org")]
    [InlineData("a@1.2.3.example", "a@1.2.3.example", "a@1.2.3.example")]
    public void An_address_is_read_and_normalised(string text, string written, string normalized)
    {
        Assert.True(EmailAddress.TryParse(text, out var address, out var problem));
        Assert.Equal(AddressProblem.None, problem);
        Assert.Equal(written, address.Text);
        Assert.Equal(normalized, address.Normalized);
    }

    [Theory]
    [InlineData("", AddressProblem.Empty)]
    [InlineData("   ", AddressProblem.Empty)]
    [InlineData("anna", AddressProblem.NoAt)]
    [InlineData("@example.org", AddressProblem.NoLocalPart)]
    [InlineData("anna@", AddressProblem.NoDomain)]
    [InlineData("anna@localhost", AddressProblem.NoDotInDomain)]
    [InlineData("anna@example.org\r\nRCPT TO:<b@example.org>", AddressProblem.ControlCharacter)]
    [InlineData("anna\n@example.org", AddressProblem.ControlCharacter)]
    [InlineData("anna@example.org\0", AddressProblem.ControlCharacter)]
    [InlineData("anna@example.org\t", AddressProblem.ControlCharacter)]
    [InlineData("anna\u2028@example.org", AddressProblem.ControlCharacter)]
    [InlineData("anna b@example.org", AddressProblem.BadCharacter)]
    [InlineData("<anna@example.org>", AddressProblem.BadCharacter)]
    [InlineData("Anna <anna@example.org>", AddressProblem.BadCharacter)]
    [InlineData("jörg@example.org", AddressProblem.BadCharacter)]
    [InlineData("a@b@example.org", AddressProblem.BadCharacter)]
    [InlineData("a,b@example.org", AddressProblem.BadCharacter)]
    [InlineData(".anna@example.org", AddressProblem.MisplacedDot)]
    [InlineData("anna.@example.org", AddressProblem.MisplacedDot)]
    [InlineData("an..na@example.org", AddressProblem.MisplacedDot)]
    [InlineData("\"anna b\"@example.org", AddressProblem.UnsafeQuoting)]
    [InlineData("\"a\\\"b\"@example.org", AddressProblem.UnsafeQuoting)]
    [InlineData("\"\"@example.org", AddressProblem.UnsafeQuoting)]
    [InlineData("\"@example.org", AddressProblem.UnsafeQuoting)]
    [InlineData("anna@[192.0.2.1]", AddressProblem.BadDomain)]
    [InlineData("anna@192.0.2.1", AddressProblem.BadDomain)]
    [InlineData("anna@example.org.", AddressProblem.BadDomain)]
    [InlineData("anna@.example.org", AddressProblem.BadDomain)]
    [InlineData("anna@exa..mple.org", AddressProblem.BadDomain)]
    [InlineData("anna@-example.org", AddressProblem.BadDomain)]
    [InlineData("anna@example-.org", AddressProblem.BadDomain)]
    [InlineData("anna@exa_mple.org", AddressProblem.BadDomain)]
    [InlineData("anna@example.org>", AddressProblem.BadDomain)]
    [InlineData("anna@exam ple.org", AddressProblem.BadDomain)]
    public void What_is_no_address_is_refused_with_the_reason(string text, AddressProblem reason)
    {
        Assert.False(EmailAddress.TryParse(text, out var address, out var problem));
        Assert.Null(address);
        Assert.Equal(reason, problem);
    }

    [Fact]
    public void Nothing_at_all_is_an_empty_address()
    {
        Assert.False(EmailAddress.TryParse((string?)null, out _, out var problem));
        Assert.Equal(AddressProblem.Empty, problem);
    }

    [Fact]
    public void Limits_of_RFC_5321_are_kept_to_the_octet()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('b', 60), 3)) + ".co";
        var longest = new string('a', 64) + "@" + new string('c', 254 - 66 - domain.Length) + "." + domain;
        Assert.Equal(254, longest.Length);
        Assert.True(EmailAddress.TryParse(longest, out _, out _));
        Assert.Equal(AddressProblem.TooLong, ProblemOf(longest + "m"));

        Assert.Equal(AddressProblem.LocalPartTooLong, ProblemOf(new string('a', 65) + "@example.org"));
        Assert.Equal(AddressProblem.TooLong, ProblemOf("a@" + string.Join('.', Enumerable.Repeat(new string('b', 50), 5)) + ".example"));
        Assert.Equal(AddressProblem.TooLong, ProblemOf("a@" + new string('b', 300)));
        Assert.Equal(AddressProblem.BadDomain, ProblemOf("a@" + new string('b', 64) + ".example"));
    }

    [Fact]
    public void A_name_in_another_script_may_become_too_long_for_a_label()
        => Assert.Equal(AddressProblem.BadDomain, ProblemOf("a@" + new string('ü', 60) + ".example"));

    [Fact]
    public void Two_spellings_of_one_address_are_equal()
    {
        Assert.True(EmailAddress.TryParse("Anna@Example.org", out var one, out _));
        Assert.True(EmailAddress.TryParse("anna@example.ORG", out var other, out _));
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    [Fact]
    public void An_address_knows_its_parts()
    {
        Assert.True(EmailAddress.TryParse("Anna@Example.org", out var address, out _));
        Assert.Equal("Anna", address.LocalPart.ToString());
        Assert.Equal("example.org", address.Domain.ToString());
        Assert.Equal("Anna@example.org", address.ToString());
    }

    [Fact]
    public void Every_problem_has_words() => Assert.All(Enum.GetValues<AddressProblem>(), problem => Assert.NotEmpty(problem.InWords()));

    [Fact]
    public void Whatever_is_accepted_is_harmless_and_reads_the_same_again()
    {
        Nasty.SampleRepeatably(
            text =>
            {
                var destination = new char[EmailAddress.MaxLength];
                var problem = EmailAddress.Normalize(text, destination, out var written);
                Assert.Equal(problem == AddressProblem.None, EmailAddress.TryParse(text, out var address, out var same));
                Assert.Equal(problem, same);
                if (address is null)
                {
                    return;
                }

                Assert.Equal(address.Normalized, new string(destination, 0, written));
                Assert.InRange(address.Text.Length, 5, 254);
                Assert.False(address.Text.AsSpan().ContainsAnyExceptInRange('!', '~'));
                Assert.DoesNotContain(address.Text, c => c is '<' or '>' or ',' or ';' or ':' or '\\' or '(' or ')');
                Assert.Equal(1, address.Text.Count(c => c == '@'));
                Assert.True(EmailAddress.TryParse(address.Text, out var again, out _));
                Assert.Equal(address.Text, again.Text);
                Assert.True(EmailAddress.TryParse(address.Normalized, out var key, out _));
                Assert.Equal(address.Normalized, key.Normalized);
                Assert.True(MimeKit.MailboxAddress.TryParse(address.Text, out var mailbox));

                // The library shows domains in their own script.
                Assert.True(EmailAddress.TryParse(mailbox.Address, out var theirs, out _));
                Assert.Equal(address.Text, theirs.Text);
            },
            iter: 10_000);
    }

    private static Gen<string> Nasty { get; } = Gen.OneOf(
        Gen.String,
        Gen.String[Gen.Char["ab.@-_\"\\ \r\n\0<>,üß1。Ⅳ[]"], 0, 30],
        Gen.Select(Gen.String[Gen.Char["abZ.+'\"- "], 0, 70], Gen.String[Gen.Char["abZ.-üÖ1"], 0, 300], (local, domain) => local + "@" + domain),
        Gen.Select(Gen.String[Gen.Char["abZ+"], 1, 8], Gen.String[Gen.Char["abZ-ü1"], 1, 8], (local, domain) => local + "@" + domain + ".example"));

    private static AddressProblem ProblemOf(string text)
    {
        Assert.False(EmailAddress.TryParse(text, out _, out var problem));
        return problem;
    }
}
