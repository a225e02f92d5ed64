// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Commands.Setup;
using Tutti.Testing;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Tests.Setup;

public sealed class IniTextTests
{
    private const string Awkward = "\t\\=:#! \"äλ\u00a0\n\r\f";

    [Fact]
    public void Every_key_and_value_is_read_back_as_it_was_given()
    {
        var character = Gen.OneOf(Gen.Char[' ', '~'], Gen.Int[0, Awkward.Length - 1].Select(i => Awkward[i]));
        Gen.Select(Gen.String[character, 1, 20], Gen.String[character, 0, 40]).SampleRepeatably((key, value) =>
        {
            var file = IniFile.Parse("x.ini", new IniText().Comment("one\ntwo").Set(key, value).ToString());
            var entry = Assert.Single(file.Entries);
            Assert.Equal((key, value, 3), (entry.Key, entry.Value, entry.Line));
        });
    }
}
