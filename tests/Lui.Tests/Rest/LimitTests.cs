// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Tutti.Lui.Rest;

namespace Tutti.Lui.Tests.Rest;

public sealed class LimitTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_token_has_its_own_allowance_that_is_whole_again_after_a_minute()
    {
        var clock = new FakeTimeProvider();
        var allowance = new Allowance(new ApiSettings { ApiRequestsPerMinute = 2 }, clock);
        Assert.Equal(new Allowance.Grant(true, 1, Allowance.Window), allowance.Take("token:1"));
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(new Allowance.Grant(true, 0, TimeSpan.FromSeconds(40)), allowance.Take("token:1"));
        Assert.False(allowance.Take("token:1").IsGranted);
        Assert.True(allowance.Take("token:2").IsGranted);
        clock.Advance(TimeSpan.FromSeconds(40));
        Assert.True(allowance.Take("token:1").IsGranted);
    }

    [Fact]
    public async Task A_program_that_asks_too_often_is_told_when_to_come_again()
    {
        await using var server = await RestServer.Start(Stop, "ApiRequestsPerMinute=3");
        for (var left = 2; left >= 0; left--)
        {
            using var granted = await server.Client.GetAsync("jobs", Stop);
            Assert.Equal(HttpStatusCode.OK, granted.StatusCode);
            Assert.Equal("\"token\";q=3;w=60", Assert.Single(granted.Headers.GetValues("RateLimit-Policy")));
            Assert.StartsWith($"\"token\";r={left};t=", Assert.Single(granted.Headers.GetValues("RateLimit")), StringComparison.Ordinal);
        }

        using var refused = await server.Client.GetAsync("jobs", Stop);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.Equal("api.too-many-requests", JsonDocument.Parse(await refused.Content.ReadAsStringAsync(Stop)).RootElement.GetProperty("code").GetString());
    }
}
