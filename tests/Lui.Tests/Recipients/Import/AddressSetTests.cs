// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Lui.Recipients.Import;
using Tutti.Testing;

namespace Tutti.Lui.Tests.Recipients.Import;

public sealed class AddressSetTests
{
    [Fact]
    public void It_agrees_with_a_dictionary() => Gen.String[Gen.Char['a', 'd'], 1, 5].Array[0, 3000].SampleRepeatably(
        addresses =>
        {
            var set = new AddressSet();
            var model = new Dictionary<string, long>(StringComparer.Ordinal);
            for (var line = 1L; line <= addresses.Length; line++)
            {
                var isNew = model.TryAdd(addresses[line - 1], line);
                Assert.Equal(isNew, set.TryAdd(addresses[line - 1], line, out var first));
                Assert.Equal(model[addresses[line - 1]], first);
            }

            Assert.Equal(model.Count, set.Count);
        },
        iter: 30);

    [Fact]
    public void It_holds_many_long_addresses()
    {
        var set = new AddressSet();
        string Address(int number) => $"{number}@rcpt.example".PadLeft(250, 'x');
        for (var number = 0; number < 20_000; number++)
        {
            Assert.True(set.TryAdd(Address(number), number, out _));
        }

        for (var number = 0; number < 20_000; number++)
        {
            Assert.False(set.TryAdd(Address(number), 99_999, out var first));
            Assert.Equal(number, first);
        }
    }
}
