// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Mail.Links;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Links;

public sealed class LinkTokenTests
{
    private static readonly byte[] _secret = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))];

    private static readonly Gen<(LinkKind Kind, int Key, ulong Job, uint Link, ulong? Recipient)> _tokens =
        Gen.Select(Gen.Enum<LinkKind>(), Gen.Int[1, 65535], Gen.OneOf(Gen.ULong, Gen.ULong[0, 100_000]), Gen.UInt[1, uint.MaxValue], Gen.Nullable(Gen.ULong))
            .Select((kind, key, job, link, recipient) => (kind, key, job, kind == LinkKind.Click ? link : 0, recipient));

    [Fact]
    public void A_token_says_what_was_put_into_it_and_verifies()
        => _tokens.SampleRepeatably(given =>
        {
            var text = Text(given);
            Assert.InRange(text.Length, 1, LinkToken.MaxLength);
            Assert.True(LinkToken.TryRead(text, out var token));
            Assert.Equal(given, (token.Kind, token.KeyId, token.JobId, token.Link, token.Recipient));
            Assert.True(token.Verify(_secret));
            Assert.False(token.Verify(new byte[32]));
        });

    [Fact]
    public void A_usual_token_is_short()
        => Assert.InRange(LinkToken.Create(new LinkKey(1, _secret), LinkKind.Click, 1234, 5, 42).Length, 1, 32);

    [Fact]
    public void Every_flipped_bit_is_refused()
        => _tokens.SampleRepeatably(
            given =>
            {
                var text = Text(given);
                for (var i = 0; i < text.Length; i++)
                {
                    for (var bit = 0; bit < 8; bit++)
                    {
                        var forged = text.ToCharArray();
                        forged[i] = (char)(forged[i] ^ (1 << bit));
                        Assert.False(Verifies(forged), $"bit {bit} of character {i} of {text}");
                    }
                }
            },
            iter: 100);

    [Fact]
    public void Every_cut_or_lengthened_token_is_refused()
        => _tokens.SampleRepeatably(
            given =>
            {
                var text = Text(given);
                for (var length = 0; length < text.Length; length++)
                {
                    Assert.False(Verifies(text.AsSpan(0, length)));
                    Assert.False(Verifies(text.AsSpan(text.Length - length)));
                }

                foreach (var more in (string[])["A", "AA", "=", "==", " ", "\n", "/", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
                {
                    Assert.False(Verifies(text + more));
                    Assert.False(Verifies(more + text));
                }
            },
            iter: 100);

    [Fact]
    public void Blanks_and_padding_inside_a_token_are_refused()
    {
        var text = LinkToken.Create(new LinkKey(1, _secret), LinkKind.Open, 1, 0, null);
        for (var i = 0; i <= text.Length; i++)
        {
            Assert.All([" ", "\t", "\r\n", "=", "%3D"], (string c) => Assert.False(Verifies(text.Insert(i, c))));
        }
    }

    [Fact]
    public void Random_text_is_never_a_token()
    {
        Gen.String.SampleRepeatably(text => Assert.False(Verifies(text)));
        Gen.String[Gen.Char["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"], 0, 60].SampleRepeatably(text => Assert.False(Verifies(text)), iter: 20_000);
    }

    [Fact]
    public void A_token_is_only_good_for_its_kind()
    {
        var open = Verified(LinkToken.Create(new LinkKey(1, _secret), LinkKind.Open, 9, 0, 42));
        var unsubscribe = Verified(LinkToken.Create(new LinkKey(1, _secret), LinkKind.Unsubscribe, 9, 0, 42));
        Assert.Equal(LinkKind.Open, open.Kind);
        Assert.Equal(LinkKind.Unsubscribe, unsubscribe.Kind);

        // The MAC of one kind behind the head of the other.
        var forged = System.Buffers.Text.Base64Url.DecodeFromChars(LinkToken.Create(new LinkKey(1, _secret), LinkKind.Open, 9, 0, 42));
        forged[0] = System.Buffers.Text.Base64Url.DecodeFromChars(LinkToken.Create(new LinkKey(1, _secret), LinkKind.Unsubscribe, 9, 0, 42))[0];
        Assert.False(Verifies(System.Buffers.Text.Base64Url.EncodeToString(forged)));
    }

    [Fact]
    public void Clicks_have_a_link_and_others_have_none()
    {
        var key = new LinkKey(1, _secret);
        Assert.Throws<ArgumentOutOfRangeException>(() => LinkToken.Create(key, LinkKind.Click, 1, 0, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => LinkToken.Create(key, LinkKind.Open, 1, 1, null));
    }

    [Fact]
    public void A_token_that_was_never_read_does_not_verify() => Assert.False(default(LinkToken).Verify(_secret));

    [Fact]
    public void A_key_has_a_number_and_32_bytes()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinkKey(0, _secret));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinkKey(65536, _secret));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinkKey(1, _secret.AsSpan(1)));
    }

    [Fact]
    public void URLs_are_built_from_the_trackers_address()
    {
        var key = new LinkKey(1, _secret);
        var token = LinkToken.Create(key, LinkKind.Click, 7, 2, 5);
        Assert.Equal("https://t.example/c/" + token, LinkPaths.Url("https://t.example/", key, LinkKind.Click, 7, 2, 5));
        Assert.StartsWith("https://t.example/o/", LinkPaths.Url("https://t.example", key, LinkKind.Open, 7, 0, null), StringComparison.Ordinal);
        Assert.StartsWith("https://t.example/u/", LinkPaths.Url("https://t.example", key, LinkKind.Unsubscribe, 7, 0, 5), StringComparison.Ordinal);
    }

    private static string Text((LinkKind Kind, int Key, ulong Job, uint Link, ulong? Recipient) given)
        => LinkToken.Create(new LinkKey(given.Key, _secret), given.Kind, given.Job, given.Link, given.Recipient);

    private static bool Verifies(ReadOnlySpan<char> text) => LinkToken.TryRead(text, out var token) && token.Verify(_secret);

    private static LinkToken Verified(string text)
    {
        Assert.True(LinkToken.TryRead(text, out var token) && token.Verify(_secret));
        return token;
    }
}
