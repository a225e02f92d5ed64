// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs.Codes;

namespace Tutti.Lui.Tests.Jobs.Codes;

public sealed class JobCodeTests
{
    private static readonly DateOnly _day = new(2004, 1, 15);

    [Theory]
    [InlineData(1, "040115A")]
    [InlineData(2, "040115B")]
    [InlineData(26, "040115Z")]
    [InlineData(27, "040115AA")]
    [InlineData(28, "040115BB")]
    [InlineData(52, "040115ZZ")]
    [InlineData(53, "040115AAA")]
    public void Rule_1_after_Z_the_letter_is_doubled(long number, string code) => Assert.Equal(code, JobCode.Of(_day, number));

    [Fact]
    public void No_two_jobs_of_a_day_share_a_code()
    {
        var codes = Enumerable.Range(1, 2000).Select(number => JobCode.Of(_day, number)).ToList();
        Assert.Equal(codes.Count, codes.Distinct(StringComparer.Ordinal).Count());
    }
}
