// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tutti.Wiring.Configuration;

namespace Tutti.Trk.Tests.PublicPages;

public sealed class TrackerTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/index.html")]
    [InlineData("/o")]
    [InlineData("/C/AAAA")]
    [InlineData("/tutti.trk.v1.Events/Fetch")]
    public async Task Nothing_else_is_on_the_public_port(string path)
    {
        await using var tracker = await RunningTracker.Start();

        Assert.Equal(HttpStatusCode.NotFound, await tracker.Get(path));
    }

    [Fact]
    public async Task Crawlers_are_told_to_stay_away()
    {
        await using var tracker = await RunningTracker.Start();

        using var response = await tracker.Send(HttpMethod.Get, "/robots.txt");

        Assert.Equal("User-agent: *\nDisallow: /\n", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_public_address_is_that_of_the_port_unless_another_is_given()
    {
        await using var byPort = await RunningTracker.Start();
        await using var given = await RunningTracker.Start("PublicUrl=https://click.example.com/");

        Assert.Equal($"http://localhost:{byPort.Server.TrackerWeb.Port}", (await byPort.Report()).PublicUrl);
        Assert.Equal("https://click.example.com", (await given.Report()).PublicUrl);
    }

    [Theory]
    [InlineData("PublicUrl=click.example.com")]
    [InlineData("PublicUrl=ftp://click.example.com")]
    [InlineData("SpoolWaiting=3")]
    [InlineData("SpoolPatience=2h")]
    [InlineData("Spool=x")]
    public async Task A_setting_that_makes_no_sense_stops_the_start_with_its_line(string line)
    {
        var complaint = await Assert.ThrowsAsync<ConfigurationException>(() => RunningTracker.Start(line));

        Assert.Contains("tracker.ini:1: " + line.Split('=')[0], complaint.Message, StringComparison.Ordinal);
    }
}
