// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel.DataAnnotations;
using System.Net;
using DnsClient;
using Tutti.Dst.Capture;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;

namespace Tutti.Dst.Tests.Smtp.Destinations;

public sealed class MailRoutesTests
{
    [Theory]
    [InlineData("127.0.0.9", "127.0.0.9", 2600)]
    [InlineData("127.0.0.9:2500", "127.0.0.9", 2500)]
    [InlineData("[::1]:2500", "::1", 2500)]
    [InlineData("[::1]", "::1", 2600)]
    public async Task A_smarthost_takes_everything(string smarthost, string address, int port)
    {
        var routes = Routes(new RouteSettings { Mode = DeliveryMode.Smarthost, Smarthost = smarthost, RemotePort = 2600 });

        var host = (await routes.Find("anything.example", TestContext.Current.CancellationToken)).Hosts.Single();

        Assert.Equal((address, port), (host.Addresses.Single().ToString(), host.Port));
        Assert.Equal(routes.LaneOf("a.example"), routes.LaneOf("b.example"));
    }

    [Fact]
    public async Task A_smarthost_is_found_by_name_as_the_operating_system_finds_it()
    {
        var routes = Routes(new RouteSettings { Mode = DeliveryMode.Smarthost, Smarthost = "localhost:2500" });

        var route = await routes.Find("anything.example", TestContext.Current.CancellationToken);

        Assert.Contains(IPAddress.Loopback, route.Hosts.Single().Addresses);
    }

    [Fact]
    public async Task A_smarthost_that_cannot_be_found_defers()
    {
        var routes = Routes(new RouteSettings { Mode = DeliveryMode.Smarthost, Smarthost = "nowhere.invalid" });

        Assert.Equal(Result.Deferred, (await routes.Find("anything.example", TestContext.Current.CancellationToken)).Failure!.Result);
    }

    [Fact]
    public async Task In_capture_mode_everything_goes_to_the_mailbox_as_soon_as_it_listens()
    {
        var address = new CaptureAddress();
        var routes = Routes(new RouteSettings(), address);

        var finding = routes.Find("anything.example", TestContext.Current.CancellationToken).AsTask();
        Assert.False(finding.IsCompleted);
        address.Set(new IPEndPoint(IPAddress.Loopback, 4711));

        Assert.Equal(4711, (await finding).Hosts.Single().Port);
    }

    [Fact]
    public void In_mx_mode_each_domain_has_its_lane() =>
        Assert.Equal("a.example", Routes(new RouteSettings { Mode = DeliveryMode.Mx }).LaneOf("a.example"));

    [Theory]
    [InlineData("mx.example", true)]
    [InlineData("mx.example:25", true)]
    [InlineData("[2001:db8::1]:25", true)]
    [InlineData("2001:db8::1", false)]
    [InlineData("mx.example:", false)]
    [InlineData("mx example", false)]
    [InlineData("", false)]
    public void A_smarthost_setting_is_checked(string smarthost, bool sound)
    {
        var settings = new RouteSettings { Mode = DeliveryMode.Smarthost, Smarthost = smarthost };

        Assert.Equal(sound, Validator.TryValidateObject(settings, new ValidationContext(settings), [], validateAllProperties: true));
    }

    [Theory]
    [InlineData(SmarthostTls.May, "", true)]
    [InlineData(SmarthostTls.May, "tutti", false)]
    [InlineData(SmarthostTls.Required, "tutti", true)]
    [InlineData(SmarthostTls.Verified, "tutti", true)]
    public void A_password_without_encryption_is_no_setting(object tls, string user, bool sound)
    {
        var settings = new RouteSettings { Mode = DeliveryMode.Smarthost, Smarthost = "mx.example", SmarthostTls = (SmarthostTls)tls, SmarthostUser = user };

        Assert.Equal(sound, Validator.TryValidateObject(settings, new ValidationContext(settings), [], validateAllProperties: true));
    }

    [Fact]
    public void DANE_without_a_resolver_to_trust_is_no_setting()
    {
        var settings = new RouteSettings { ResolverValidates = true };

        Assert.False(Validator.TryValidateObject(settings, new ValidationContext(settings), [], validateAllProperties: true));
        settings = settings with { Resolver = "127.0.0.1" };
        Assert.True(Validator.TryValidateObject(settings, new ValidationContext(settings), [], validateAllProperties: true));
    }

    private static MailRoutes Routes(RouteSettings settings, CaptureAddress? capture = null) =>
        new(settings, new MailExchangers(settings, new LookupClient(new LookupClientOptions(IPEndPoint.Parse("127.0.0.1:1"))), TimeProvider.System), capture ?? new CaptureAddress());
}
