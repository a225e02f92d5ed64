// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Microsoft.AspNetCore.Http;
using Tutti.Mail.Links;
using Tutti.Trk.PublicPages;
using Tutti.Wiring.Configuration;

namespace Tutti.Trk.Tests.PublicPages;

public sealed class ClientAddressesTests
{
    [Theory]
    [InlineData("", "198.51.100.1", "203.0.113.9", "198.51.100.1")]
    [InlineData("198.51.100.1", "198.51.100.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("198.51.100.0/24", "::ffff:198.51.100.1", "6.6.6.6, 203.0.113.9", "203.0.113.9")]
    [InlineData("198.51.100.0/24,10.0.0.0/8", "198.51.100.1", "6.6.6.6, 203.0.113.9, 10.1.1.1", "203.0.113.9")]
    [InlineData("198.51.100.0/24", "198.51.100.1", null, "198.51.100.1")]
    [InlineData("198.51.100.0/24", "198.51.100.1", "unknown", "198.51.100.1")]
    [InlineData("198.51.100.0/24", "198.51.100.1", "203.0.113.9, garbage", "198.51.100.1")]
    [InlineData("10.0.0.0/8", "198.51.100.1", "203.0.113.9", "198.51.100.1")]
    [InlineData("2001:db8::/32", "2001:db8::1", "2001:db9::7", "2001:db9::7")]
    public void Only_a_trusted_proxy_may_name_the_client(string proxies, string connection, string? forwardedFor, string expected)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(connection) } };
        context.Request.Headers["X-Forwarded-For"] = forwardedFor;
        var clients = new ClientAddresses(new TrackerSettings { TrustedProxies = proxies.Split(',', StringSplitOptions.RemoveEmptyEntries) });

        Assert.Equal(IPAddress.Parse(expected), clients.Of(context));
    }

    [Fact]
    public async Task The_client_behind_a_proxy_is_kept_of_personal_tracking()
    {
        await using var tracker = await RunningTracker.Start("TrustedProxies=127.0.0.0/8");
        await tracker.Publish(12);

        using var response = await tracker.Send(HttpMethod.Get, RunningTracker.PathOf(LinkKind.Open, 12, recipient: 99), forwardedFor: "203.0.113.9");

        Assert.Equal("203.0.113.9", Assert.Single(await tracker.AllEvents()).ClientAddress);
    }

    [Fact]
    public async Task A_proxy_that_is_no_address_stops_the_start_with_its_line()
    {
        var complaint = await Assert.ThrowsAsync<ConfigurationException>(() => RunningTracker.Start("TrustedProxies=proxy.example"));

        Assert.Contains("tracker.ini:1: TrustedProxies", complaint.Message, StringComparison.Ordinal);
    }
}
