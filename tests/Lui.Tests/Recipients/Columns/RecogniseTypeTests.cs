// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Recipients.Columns;

namespace Tutti.Lui.Tests.Recipients.Columns;

public sealed class RecogniseTypeTests
{
    [Theory]
    [InlineData("1|20||-3", "number 1,234.56")]
    [InlineData("12.50|1,234.5", "number 1,234.56")]
    [InlineData("12,50|3", "number 1.234,56")]
    [InlineData("1.234.567,5", "number 1.234,56")]
    [InlineData("2026-11-24|2026-11-24 09:30|2026-01-02T03:04:05Z", "date yyyy-MM-dd")]
    [InlineData("24.11.2026|1.2.1980", "date dd.MM.yyyy")]
    [InlineData("24/11/2026|01/02/2026", "date dd/MM/yyyy")]
    [InlineData("11/24/2026", "date MM/dd/yyyy")]
    [InlineData("TRUE|false|", "boolean")]
    [InlineData("yes|No", "boolean")]
    public void What_can_be_read_in_one_way_only_is_recognised(string values, string expected) => Assert.Equal(expected, RecogniseType.Of(values.Split('|')).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("1.234|5.678")] // Thousands, or small fractions.
    [InlineData("03/04/2026|01/02/2026")] // March or April.
    [InlineData("01067|80331")] // Postcodes.
    [InlineData("+4930123456")]
    [InlineData("4930123456789")]
    [InlineData("12|twelve")]
    [InlineData("y|n")] // Letters of anything.
    [InlineData("2026-11-24|soon")]
    public void What_can_be_read_in_two_ways_or_none_stays_text(string values) => Assert.Equal("text", RecogniseType.Of(values.Split('|')).ToString());
}
