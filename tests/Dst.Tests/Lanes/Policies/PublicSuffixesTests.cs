// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Lanes.Policies;

namespace Tutti.Dst.Tests.Lanes.Policies;

/// <summary>By the rules of publicsuffix.org, in a list that holds one of each kind.</summary>
public sealed class PublicSuffixesTests
{
    private static readonly PublicSuffixes _list = PublicSuffixes.Read(
    [
        "// ===BEGIN ICANN DOMAINS===", "", "// a comment", "com", "uk", "co.uk", "jp", "kobe.jp", "*.kawasaki.jp", "!city.kawasaki.jp",
        "// ===END ICANN DOMAINS===", "// ===BEGIN PRIVATE DOMAINS===", "github.io", "blogspot.com",
    ]);

    [Theory]
    [InlineData("mx.example.com", "example.com")]
    [InlineData("mx.example.co.uk", "example.co.uk")]
    [InlineData("mx.example.uk", "example.uk")]
    [InlineData("a.b.example.kobe.jp", "example.kobe.jp")]
    [InlineData("a.b.c.kawasaki.jp", "b.c.kawasaki.jp")]
    [InlineData("mx.city.kawasaki.jp", "city.kawasaki.jp")]
    [InlineData("mx.example.nowhere", "example.nowhere")]
    [InlineData("a.b.blogspot.com", "blogspot.com")]
    [InlineData("co.uk", "co.uk")]
    [InlineData("com", "com")]
    public void The_longest_rule_counts_and_exceptions_beat_it(string host, string family) => Assert.Equal(family, HostFamily.Of(host, _list));

    [Theory]
    [InlineData("mx.example.co.uk", "example.co.uk")]
    [InlineData("mx.city.kawasaki.jp", "kawasaki.jp")]
    public void Without_a_list_the_usual_words_count(string host, string family) => Assert.Equal(family, HostFamily.Of(host, list: null));
}
