// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Testing;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Tests.Configuration;

public sealed class IniEditTests
{
    private const string Awkward = "\t\\=:#! \"äλ\n";

    private static readonly Gen<string> _text = Gen.String[Gen.OneOf(Gen.Char['a', 'e'], Gen.Int[0, Awkward.Length - 1].Select(index => Awkward[index])), 0, 12];

    [Fact]
    public void The_value_is_read_back_and_everything_else_is_as_before() => Gen.Select(_text.List[0, 6], _text.Where(key => key.Length > 0), _text).SampleRepeatably((lines, key, value) =>
    {
        var before = string.Join('\n', lines);

        var after = IniEdit.Set(before, key, value);

        Assert.Equal(value, IniFile.Parse("x.ini", after).Find(key)?.Value);
        Assert.Equal(
            IniFile.Parse("x.ini", before).Entries.Where(entry => entry.Key != key).Select(entry => (entry.Key, entry.Value)),
            IniFile.Parse("x.ini", after).Entries.Where(entry => entry.Key != key).Select(entry => (entry.Key, entry.Value)));
    });

    [Theory]
    [InlineData("", "A=1\n")]
    [InlineData("# words\nB=2\n", "# words\nB=2\nA=1\n")]
    [InlineData("# words\nB=2", "# words\nB=2\nA=1\n")]
    [InlineData("A=0\n# words\nB=2\n", "A=1\n# words\nB=2\n")]
    [InlineData("A=0,\\\n  9\nB=2\n", "A=1\nB=2\n")]
    [InlineData("A=0\nB=2\nA=3\n", "B=2\nA=1\n")]
    public void Comments_and_order_stay(string before, string after) => Assert.Equal(after, IniEdit.Set(before, "A", "1"));
}
