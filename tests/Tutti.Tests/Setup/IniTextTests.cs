// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Setup.Tests;

public sealed class IniTextTests
{
    [Fact]
    public void Every_key_and_value_is_read_back_as_it_was_given()
    {
        var character = Gen.OneOf(Gen.Char[' ', '~'], Gen.OneOfConst('\t', '\\', '=', ':', '#', '!', ' ', '"', 'ä', 'λ', '\u00a0', '\n', '\r', '\f'));
        Gen.Select(Gen.String[character, 1, 20], Gen.String[character, 0, 40]).Sample((key, value) =>
        {
            var file = IniFile.Parse("x.ini", new IniText().Comment("one\ntwo").Set(key, value).ToString());
            var entry = Assert.Single(file.Entries);
            Assert.Equal((key, value, 3), (entry.Key, entry.Value, entry.Line));
        });
    }
}
