// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Joining;

namespace Tutti.Wiring.Tests.Joining;

/// <summary>The code that a person carries.</summary>
public sealed class JoinCodeTests
{
    private static readonly System.Security.Cryptography.X509Certificates.X509Certificate2 _certificate =
        NewKey.Create("server", ["trk.tutti.test"], NewKeyType.Ec256, TimeProvider.System.GetUtcNow()).Certificate;

    [Fact]
    [Trait("Row", "B-4")]
    public void A_code_is_read_however_it_is_typed()
    {
        var code = JoinCode.Of(_certificate, JoinCode.NewSecret());
        var text = code.ToString();

        Assert.Matches("^([0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}$", text);
        foreach (var typed in (string[])[text, text.ToLowerInvariant(), text.Replace("-", "", StringComparison.Ordinal), $"  {text.Replace('-', ' ')}\n", text.Replace('0', 'O').Replace('1', 'l')])
        {
            Assert.True(JoinCode.TryParse(typed, out var read), typed);
            Assert.Equal(text, read.ToString());
            Assert.True(read.IsFor(_certificate));
        }
    }

    [Fact]
    [Trait("Row", "B-4")]
    public void One_letter_that_is_wrong_missing_or_too_much_is_noticed_before_anybody_is_asked()
    {
        var text = JoinCode.Of(_certificate, JoinCode.NewSecret()).ToString();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '-')
            {
                Assert.False(JoinCode.TryParse(text[..at] + (text[at] == '7' ? '8' : '7') + text[(at + 1)..], out _));
                Assert.False(JoinCode.TryParse(text[..at] + text[(at + 1)..], out _));
                Assert.False(JoinCode.TryParse(text[..at] + '7' + text[at..], out _));
            }
        }

        Assert.False(JoinCode.TryParse("", out _));
        Assert.False(JoinCode.TryParse(null, out _));
        Assert.False(JoinCode.TryParse(text.Replace('-', '_'), out _));
    }
}
