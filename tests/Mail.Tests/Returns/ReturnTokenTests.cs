// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Mail.Links;
using Tutti.Mail.Returns;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Returns;

public sealed class ReturnTokenTests
{
    private static readonly ReturnKey _key = new(new LinkKey(7, new byte[32]));

    [Fact]
    public void A_token_leads_back_whatever_the_case_of_its_letters() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Bool).SampleRepeatably((job, recipient, shout) =>
        {
            var text = _key.Seal(job, recipient);
            Assert.Equal(ReturnToken.Length, text.Length);
            Assert.True(ReturnToken.TryRead(shout ? text.ToUpperInvariant() : text, out var token));
            Assert.Equal(7, token.KeyId);
            Assert.True(token.TryOpen(_key, out var job2, out var recipient2));
            Assert.Equal((job, recipient), (job2, recipient2));
        });

    [Fact]
    public void A_changed_token_opens_with_no_key() =>
        Gen.Select(Gen.ULong, Gen.Int[0, ReturnToken.Length - 1], Gen.Char["abcdefghijklmnopqrstuvwxyz234567"]).SampleRepeatably((job, at, letter) =>
        {
            var text = _key.Seal(job, 1);
            var changed = text[..at] + letter + text[(at + 1)..];
            Assert.Equal(changed == text, ReturnToken.TryRead(changed, out var token) && token.TryOpen(_key, out _, out _));
        });

    [Fact]
    public void Another_key_does_not_open_it()
    {
        Assert.True(ReturnToken.TryRead(_key.Seal(1, 2), out var token));
        Assert.False(token.TryOpen(new ReturnKey(new LinkKey(7, [.. Enumerable.Repeat((byte)1, 32)])), out _, out _));
        Assert.False(token.TryOpen(new ReturnKey(new LinkKey(8, new byte[32])), out _, out _));
    }

    [Fact]
    public void It_is_the_same_each_time_tells_no_number_and_differs_for_every_recipient()
    {
        Assert.Equal(_key.Seal(1, 2), _key.Seal(1, 2));
        var tokens = Enumerable.Range(1, 1000).Select(recipient => _key.Seal(1, (ulong)recipient)).ToList();
        Assert.Equal(1000, tokens.Distinct().Count());

        // Neighbours share nothing beyond the key's number.
        Assert.All(tokens.Zip(tokens.Skip(1)), pair => Assert.NotEqual(pair.First[4..12], pair.Second[4..12]));
        Assert.All(tokens.Zip(tokens.Skip(1)), pair => Assert.NotEqual(pair.First[^12..], pair.Second[^12..]));
    }

    [Fact]
    public void An_address_says_what_it_is_for_and_fits()
    {
        var bounce = ReturnAddress.LocalPart(ReturnUse.Bounce, _key.Seal(ulong.MaxValue, ulong.MaxValue));
        Assert.InRange(bounce.Length, 1, 64);
        Assert.True(ReturnAddress.TryRead(bounce.ToUpperInvariant(), out var use, out _));
        Assert.Equal(ReturnUse.Bounce, use);
        Assert.True(ReturnAddress.TryRead("u" + bounce[1..], out use, out _));
        Assert.Equal(ReturnUse.Unsubscribe, use);
        foreach (var wrong in new[] { "", "r-", "x" + bounce[1..], bounce[1..], bounce + "a", bounce[..^1], bounce[..^1] + "1", bounce.Replace('-', '+') })
        {
            Assert.False(ReturnAddress.TryRead(wrong, out _, out _), wrong);
        }
    }
}
