// SPDX-License-Identifier: Apache-2.0
using System.Net;
using CsCheck;
using Tutti.Testing;
using Tutti.Wiring.Certificates;

namespace Tutti.Wiring.Tests.Certificates;

public sealed class HostNamesTests
{
    private static readonly Gen<string> _label = Gen.Select(
        Gen.OneOf(Gen.Char['a', 'z'], Gen.Char['A', 'Z'], Gen.Char['0', '9']), Gen.String[Gen.Int[0, 10].Select(index => "abcXYZ019-_"[index]), 0, 20], Gen.Char['a', 'z'], (first, middle, last) => $"{first}{middle}{last}");

    private static readonly Gen<string> _name = _label.List[1, 4].Select(labels => string.Join('.', labels));

    [Fact]
    [Trait("Row", "B-13")]
    public void A_name_is_the_same_in_any_case_and_normalizing_it_twice_changes_nothing() => _name.SampleRepeatably(text =>
    {
        Assert.True(HostNames.TryNormalize(text, out var name), text);
        Assert.True(HostNames.TryNormalize(text.ToUpperInvariant(), out var upper));
        Assert.True(HostNames.TryNormalize(name, out var again));

        Assert.Equal(text.ToLowerInvariant(), name);
        Assert.Equal(name, upper);
        Assert.Equal(name, again);
    });

    [Fact]
    [Trait("Row", "B-15")]
    public void One_dot_at_the_end_is_dropped_and_a_second_one_is_not() => _name.SampleRepeatably(text =>
    {
        Assert.True(HostNames.TryNormalize(text + ".", out var name));
        Assert.Equal(text.ToLowerInvariant(), name);
        Assert.False(HostNames.TryNormalize(text + "..", out _));
    });

    [Fact]
    [Trait("Row", "B-14")]
    public void No_address_is_ever_a_name() => Gen.OneOf(
        Gen.Byte.Array[4].Select(bytes => new IPAddress(bytes).ToString()),
        Gen.Byte.Array[16].Select(bytes => new IPAddress(bytes).ToString()),
        Gen.Byte.Array[16].Select(bytes => $"[{new IPAddress(bytes)}]"),
        Gen.Byte.Array[4].Select(bytes => new IPAddress(bytes) + "."),
        Gen.UInt.Select(number => $"host.{number}")).SampleRepeatably(text => Assert.False(HostNames.TryNormalize(text, out _), text));

    [Fact]
    [Trait("Row", "B-13")]
    public void Whatever_is_given_the_answer_is_a_name_or_a_reason_and_never_both() => Gen.String.SampleRepeatably(text =>
    {
        var isName = HostNames.TryNormalize(text, out var name, out var problem);

        Assert.Equal(isName, problem is null);
        Assert.Equal(isName, name.Length > 0);
        Assert.All(name, c => Assert.True(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.'));
    });

    [Theory]
    [Trait("Row", "B-13")]
    [InlineData("LUI.Test", "lui.test")]
    [InlineData("localhost", "localhost")]
    [InlineData("my_host.test", "my_host.test")]
    [InlineData("müller.test", "xn--mller-kva.test")]
    [InlineData("MÜLLER.test", "xn--mller-kva.test")]
    [InlineData("xn--mller-kva.test", "xn--mller-kva.test")]
    [InlineData("a--b.test", "a--b.test")]
    [InlineData("1and1.test", "1and1.test")]
    public void Names_are_brought_into_the_form_that_is_compared(string text, string expected)
    {
        Assert.True(HostNames.TryNormalize(text, out var name, out var problem), problem);
        Assert.Equal(expected, name);
    }

    [Theory]
    [Trait("Row", "B-13")]
    [Trait("Row", "B-14")]
    [Trait("Row", "B-16")]
    [InlineData("", "empty")]
    [InlineData(null, "empty")]
    [InlineData("*.test", "wildcard")]
    [InlineData("l*.test", "wildcard")]
    [InlineData("*", "wildcard")]
    [InlineData("10.0.0.1", "IP address")]
    [InlineData("::1", "IP address")]
    [InlineData("[::1]", "IP address")]
    [InlineData("1.2.3", "IP address")]
    [InlineData("host.256", "IP address")]
    [InlineData("-a.test", "hyphen")]
    [InlineData("a-.test", "hyphen")]
    [InlineData("a..test", "empty part")]
    [InlineData(".test", "empty part")]
    [InlineData(".", "empty part")]
    [InlineData("a.test:1099", "characters")]
    [InlineData("https://a.test", "characters")]
    [InlineData("a b.test", "characters")]
    [InlineData("a.test\n", "characters")]
    [InlineData("a\u0001.test", "characters")]
    [InlineData("\"a.test\"", "characters")]
    [InlineData("a,b", "characters")]
    [InlineData("a\u0000.test", "characters")]
    [InlineData("müller .test", "characters")]
    public void What_is_no_name_is_said_with_the_reason(string? text, string words)
    {
        Assert.False(HostNames.TryNormalize(text, out var name, out var problem));
        Assert.Equal("", name);
        Assert.Contains(words, problem, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "B-13")]
    public void Lengths_have_bounds()
    {
        var label = new string('a', 63);

        Assert.True(HostNames.TryNormalize(label + ".test", out _));
        Assert.False(HostNames.TryNormalize(label + "a.test", out _, out var problem));
        Assert.Contains("63", problem, StringComparison.Ordinal);
        Assert.True(HostNames.TryNormalize($"{label}.{label}.{label}.{label[..61]}", out _));
        Assert.False(HostNames.TryNormalize($"{label}.{label}.{label}.{label[..62]}", out _));
    }

    [Fact]
    [Trait("Row", "B-13")]
    public void People_see_both_forms_of_an_international_name()
    {
        Assert.Equal("xn--mller-kva.test (müller.test)", HostNames.Show("xn--mller-kva.test"));
        Assert.Equal("lui.test", HostNames.Show("lui.test"));
        Assert.Equal("xn--\u0000", HostNames.Show("xn--\u0000"));
    }
}
