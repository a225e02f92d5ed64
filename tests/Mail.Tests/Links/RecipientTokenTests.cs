// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using CsCheck;
using Tutti.Mail.Links;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Links;

public sealed class RecipientTokenTests
{
    private static readonly byte[] _secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly RecipientToken _tokens = new(_secret);

    [Fact]
    public void A_token_leads_back_to_its_row()
        => Gen.OneOf(Gen.ULong, Gen.ULong[0, 1_000_000]).SampleRepeatably(row =>
        {
            Assert.Equal(row, _tokens.ToRow(_tokens.OfRow(row)));
            Assert.Equal(row, _tokens.OfRow(_tokens.ToRow(row)));
        });

    [Fact]
    public void The_same_secret_gives_the_same_tokens_for_ever()
    {
        Assert.Equal(_tokens.OfRow(1), new RecipientToken(_secret).OfRow(1));

        // Fixed for good, because mails that were sent carry such tokens; computed by another program.
        Assert.Equal(7227122689579266090UL, _tokens.OfRow(1));
    }

    [Fact]
    public void Another_secret_gives_other_tokens()
    {
        var other = new RecipientToken([.. _secret.Reverse()]);
        Assert.All(Enumerable.Range(0, 1000), row => Assert.NotEqual(_tokens.OfRow((ulong)row), other.OfRow((ulong)row)));
    }

    [Fact]
    public void Neighbouring_rows_have_unrelated_tokens()
    {
        var differing = Enumerable.Range(0, 10_000).Average(row => BitOperations.PopCount(_tokens.OfRow((ulong)row) ^ _tokens.OfRow((ulong)row + 1)));
        Assert.InRange(differing, 31, 33);
    }

    [Fact]
    public void The_first_100000_tokens_are_distinct()
    {
        var seen = new HashSet<ulong>();
        for (ulong row = 0; row < 100_000; row++)
        {
            Assert.True(seen.Add(_tokens.OfRow(row)));
        }
    }

    [Fact]
    public void A_secret_has_32_bytes() => Assert.Throws<ArgumentOutOfRangeException>(() => new RecipientToken(new byte[31]));
}
