// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Lanes;
using Tutti.Dst.Lanes.Policies;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Tests.Lanes.Policies;

public sealed class LanePoliciesTests
{
    [Theory]
    [InlineData("google", "gmail-smtp-in.l.google.com", "alt1.gmail-smtp-in.l.google.com")]
    [InlineData("google", "ASPMX.L.GOOGLE.COM.", "aspmx2.googlemail.com")]
    [InlineData("google", "smtp.google.com", "backup.company.example")]
    [InlineData("microsoft", "company-com.mail.protection.outlook.com")]
    [InlineData("microsoft", "company-com.o-v1.mx.microsoft")]
    [InlineData("yahoo", "mta5.am0.yahoodns.net", "mta6.am0.yahoodns.net")]
    [InlineData("apple", "mx01.mail.icloud.com")]
    [InlineData("hoster.example", "mx1.hoster.example", "mx2.hoster.example")]
    [InlineData("a.example+b.example", "mx.b.example", "mx.a.example")]
    [InlineData("notgoogle.com", "mx.notgoogle.com")]
    public void The_hosts_say_to_whom_a_domain_belongs(string lane, params string[] hosts) => Assert.Equal(lane, Shipped().LaneOf(hosts));

    [Theory]
    [InlineData("mx1.mail.hoster.example", "hoster.example")]
    [InlineData("MX.Hoster.Co.UK.", "hoster.co.uk")]
    [InlineData("mx.firma.de", "firma.de")]
    [InlineData("co.uk", "co.uk")]
    [InlineData("localhost", "localhost")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("[192.0.2.1]", "[192.0.2.1]")]
    [InlineData("[IPv6:2001:db8::1]", "[ipv6:2001:db8::1]")]
    public void The_family_of_a_host_is_what_was_registered(string host, string family) => Assert.Equal(family, HostFamily.Of(host));

    [Fact]
    public void The_shipped_file_has_no_mistake_and_says_what_it_promises()
    {
        var policies = Shipped();
        Assert.Equal((20, 5, 100), (policies.Of("anybody.example").Connections, policies.Of("anybody.example").Start, policies.Of("anybody.example").MessagesPerConnection));
        Assert.Equal((10, 20, TimeSpan.FromHours(2)), (policies.Of("yahoo").Connections, policies.Of("yahoo").MessagesPerConnection, policies.Of("yahoo").PauseFor));
        Assert.Equal((2, 2), (policies.Of("orange").Connections, policies.Of("orange").Start));
    }

    [Fact]
    public void What_an_entry_does_not_say_is_as_for_default()
    {
        var policies = Read("default.Connections=8\ndefault.Rate=300/m\nx.Hosts=x.example\nx.Start=2\nx.Rate=0", out var complaints);
        Assert.Empty(complaints);
        Assert.Equal((8, 5.0, 5), (policies.Of("y.example").Connections, policies.Of("y.example").PerSecond, policies.Of("y.example").Start));
        Assert.Equal((8, 0.0, 2), (policies.Of("x").Connections, policies.Of("x").PerSecond, policies.Of("x").Start));
    }

    [Fact]
    public void The_longest_ending_that_fits_counts()
    {
        var policies = Read("all.Hosts=example\nsome.Hosts=some.example", out _);
        Assert.Equal(("some", "all"), (policies.LaneOf(["mx.some.example"]), policies.LaneOf(["mx.other.example"])));
    }

    [Fact]
    public void An_own_smarthost_gets_all_connections_at_once_unless_the_file_names_it()
    {
        var policies = Read("relay.Hosts=relay.example\nrelay.Connections=3\nrelay.Rate=14/s", out _);
        var settings = new LaneSettings { Connections = 50 };
        Assert.Equal((50, 50, 0), (policies.OfOwnHost("127.0.0.1", settings).Start, policies.OfOwnHost("127.0.0.1", settings).Connections, policies.OfOwnHost("127.0.0.1", settings).MessagesPerConnection));
        Assert.Equal((3, 14.0), (policies.OfOwnHost("smtp.relay.example", settings).Connections, policies.OfOwnHost("smtp.relay.example", settings).PerSecond));
    }

    [Theory]
    [InlineData("google.Hosts=google.com\ngoogle.Conections=5", "lanes.ini:2: google.Conections: is not a known key.")]
    [InlineData("google.Hosts=google.com\n\ngoogle.Connections=0", "lanes.ini:3: google.Connections: '0' is not allowed. Allowed: 1 to 1000.")]
    [InlineData("google.Connections=5", "lanes.ini:1: google.Hosts: is missing or empty.")]
    [InlineData("google.Hosts=google.com\nx.Hosts=google.com", "lanes.ini:2: x.Hosts: 'google.com' belongs to google already.")]
    [InlineData("google.Hosts=goo gle", "lanes.ini:1: google.Hosts: 'goo gle' is no ending of a host name.")]
    [InlineData("default.Rate=fast", "lanes.ini:1: default.Rate: 'fast' is not allowed: Write messages per second, minute or hour")]
    [InlineData("default.PauseFor=long", "lanes.ini:1: default.PauseFor: 'long' is not a length of time.")]
    [InlineData("default.Hosts=x.example", "lanes.ini:1: default.Hosts: has no meaning")]
    [InlineData("Connections=5", "lanes.ini:1: Connections: is not a known key.")]
    public void A_mistake_is_told_with_file_line_and_key(string text, string complaint)
    {
        Read(text, out var complaints);
        Assert.StartsWith(complaint, Assert.Single(complaints).ToString(), StringComparison.Ordinal);
    }

    private static LanePolicies Shipped()
    {
        var policies = Read(LanePolicies.Shipped, out var complaints);
        Assert.Empty(complaints);
        return policies;
    }

    private static LanePolicies Read(string text, out IReadOnlyList<Complaint> complaints) =>
        LanePolicies.Of(IniFile.Parse(CurrentPolicies.FileName, text), new LaneSettings(), out complaints);
}
