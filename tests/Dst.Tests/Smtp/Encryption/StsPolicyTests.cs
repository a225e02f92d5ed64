// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Dst.Smtp.Encryption;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Smtp.Encryption;

public sealed class StsPolicyTests
{
    private static readonly Gen<string> _label = Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789"].Array[1, 8].Select(letters => new string(letters));
    private static readonly Gen<string> _host = _label.Array[2, 4].Select(labels => string.Join('.', labels));

    [Fact]
    public void A_policy_is_read_as_the_standard_shows_it()
    {
        var policy = Read("version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmx: backupmx.example.com\r\nmax_age: 604800\r\n");

        Assert.Equal((StsMode.Enforce, TimeSpan.FromDays(7)), (policy.Mode, policy.MaxAge));
        Assert.Equal(["mail.example.com", "*.example.net", "backupmx.example.com"], policy.Hosts);
    }

    [Fact]
    public void Whatever_order_spaces_and_unknown_fields_it_has_a_policy_means_the_same() =>
        Gen.Select(OneOf("enforce", "testing", "none"), Gen.Int[0, 40_000_000], _host.Array[1, 4], OneOf("\n", "\r\n"), OneOf("", " ", "\t  "), Gen.Int[0, 1000])
            .SampleRepeatably(drawn =>
            {
                var (mode, age, hosts, end, space, seed) = drawn;
                List<string> lines = [$"mode:{space}{mode}{space}", $"max_age: {age}", "x-new: 1:2", $"version:{space}STSv1", .. hosts.Select(host => $"mx:{space}{host.ToUpperInvariant()}")];
                var random = new Random(seed);
                var text = string.Join(end, lines.OrderBy(_ => random.Next())) + (seed % 2 == 0 ? end : "");

                var policy = Read(text);

                Assert.Equal(mode, policy.Mode.ToString().ToLowerInvariant());
                Assert.Equal(Math.Min(age, 31_557_600), policy.MaxAge.TotalSeconds);
                Assert.Equal(hosts.Order(), policy.Hosts.Order());
                Assert.All(hosts, host => Assert.True(policy.Allows(host)));
            });

    [Fact]
    public void Nothing_that_may_come_over_the_net_makes_the_reader_fail() =>
        Gen.OneOf(Gen.String, OneOf("version: STSv1", "mode: enforce", "mode: x", "mx: *.a.example", "mx: *", "mx:", ":", "max_age: 99999999999", "max_age: 1", "mx: a b", "version: 2").Array[0, 8].Select(lines => string.Join('\n', lines)))
            .SampleRepeatably(text =>
            {
                var isSound = StsPolicy.TryRead(text, out var policy, out var problem);
                Assert.Equal(isSound, policy is not null && problem is null);
                Assert.True(policy is null or { Mode: StsMode.None } or { Hosts.Count: > 0 });
            });

    [Fact]
    public void The_star_stands_for_exactly_one_label() =>
        Gen.Select(_host, _label.Array[0, 3]).SampleRepeatably((domain, labels) =>
        {
            var policy = Read($"version: STSv1\nmode: enforce\nmax_age: 1\nmx: *.{domain}");

            Assert.Equal(labels.Length == 1, policy.Allows(string.Join('.', [.. labels, domain])));
            Assert.Equal(labels.Length == 1, policy.Allows(string.Join('.', [.. labels, domain]).ToUpperInvariant() + "."));
            Assert.False(policy.Allows("x" + domain));
        });

    [Fact]
    public void Of_a_field_given_twice_the_first_counts()
    {
        var policy = Read("version: STSv1\nmode: testing\nmode: none\nmax_age: 10\nmax_age: 20\nmx: a.example");

        Assert.Equal((StsMode.Testing, 10), (policy.Mode, policy.MaxAge.TotalSeconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("version: STSv2\nmode: enforce\nmx: a.example\nmax_age: 1")]
    [InlineData("mode: enforce\nmx: a.example\nmax_age: 1")]
    [InlineData("version: STSv1\nmode: force\nmx: a.example\nmax_age: 1")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: -1")]
    [InlineData("version: STSv1\nmode: enforce\nmax_age: 1")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a..*\nmax_age: 1")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1\n<html>")]
    public void What_is_no_policy_is_not_taken_for_one(string text) => Assert.False(StsPolicy.TryRead(text, out _, out _));

    [Theory]
    [InlineData("20160831085700Z", "v=STSv1; id=20160831085700Z;")]
    [InlineData("a1", "v=STSv1 ;id=a1")]
    [InlineData("a1", "v=spf1 -all", "v=STSv1; id=a1; x=y")]
    [InlineData(null, "v=STSv1; id=a1", "v=STSv1; id=a1")]
    [InlineData(null, "v=STSv1; id=a-1")]
    [InlineData(null, "v=STSv1; id=")]
    [InlineData(null, "v=STSv1; id=123456789012345678901234567890123")]
    [InlineData(null, "v=STSv10; id=a1")]
    [InlineData(null, "V=STSv1; id=a1")]
    [InlineData(null)]
    public void The_id_stands_in_the_one_record_that_is_meant(string? id, params string[] records) => Assert.Equal(id, StsRecord.IdIn(records));

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(number => words[number]);

    private static StsPolicy Read(string text)
    {
        Assert.True(StsPolicy.TryRead(text, out var policy, out var problem), problem);
        return policy;
    }
}
