// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Guides;
using Tutti.System.Tests.Playing;
using Tutti.System.Tests.Receiving;

namespace Tutti.System.Tests.Layouts;

/// <summary>The two ports between the components: nothing goes on elsewhere, and a firewall has to know no more than the guide's table says.</summary>
public sealed partial class PortsTests : SystemTest
{
    private const int Seed = 79;

    [Fact]
    [Trait("Row", "C-2.0.1")]
    public async Task In_one_process_too_the_components_talk_over_the_two_ports_only()
    {
        var hosts = Own(await Hosts.Make(Hosts.NamesFor("lui,hub,trk,dst")));
        var layout = Own(hosts.Layout("lui,hub,trk,dst"));
        var server = layout.Servers[0];
        var outside = Own(new RecordingSmtpServer(address: hosts.Outside));
        var capture = Own(await Capture.Begin(server.Network!, "tcp"));
        await layout.SetUp(Seed, CampaignRun.Settings(outside, connections: 2));
        await layout.Start(Seed);
        await Campaign(layout, outside);

        string[] own = ["127.0.0.1", server.Address];
        var inside = (await capture.End()).Select(direction => Ends().Match(direction.Name)).Where(ends => own.Contains(ends.Groups["from"].Value) && own.Contains(ends.Groups["to"].Value)).ToList();

        string[] ports = ["1099", "7000"];
        Assert.Equal(ports, inside.Select(ends => ends.Groups["toport"].Value).Where(ports.Contains).Distinct().Order(StringComparer.Ordinal));
        Assert.Empty(inside.Where(ends => !ports.Contains(ends.Groups["toport"].Value) && !ports.Contains(ends.Groups["fromport"].Value)).Select(ends => ends.Value));
        var bytes = await capture.Bytes();
        foreach (var call in (string[])["/tutti.dst.v1.Deliveries/", "/tutti.dst.v1.Events/", "/tutti.trk.v1.Publications/", "/tutti.trk.v1.Events/", "/tutti.hub.v1.", "/tutti.server.v1.Server/"])
        {
            Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(call)) >= 0, call);
        }
    }

    [Fact]
    [Trait("Row", "C-2.0.5")]
    public async Task Behind_a_firewall_with_the_lines_of_the_guide_all_works_and_without_any_of_them_the_missing_one_is_named()
    {
        var hosts = Own(await Hosts.Make("ui", "hub", "trk", "dst"));
        var layout = Own(hosts.Named(("ui", "lui"), ("hub", "hub"), ("trk", "trk"), ("dst", "dst")));
        var outside = Own(new RecordingSmtpServer(address: hosts.Outside));
        var lines = Lines(layout).ToList();
        Assert.Equal(6, lines.Count);
        await hosts.Close(layout.Servers);
        foreach (var (from, to, port) in lines)
        {
            await hosts.Admit(from, to, port);
        }

        await layout.SetUp(Seed, CampaignRun.Settings(outside, connections: 2));
        await layout.Start(Seed);
        Assert.False(await Hosts.Reaches(layout.At("trk"), layout.At("hub")));
        await Campaign(layout, outside);
        var hub = layout.At("hub");
        (await hub.Command("link", "check", "--all")).Expect(0);

        foreach (var (from, to, port) in IsLong ? lines : [lines[0], lines[^1]])
        {
            await hosts.Admit(from, to, port, back: true);
            var checkedLinks = (await from.Command("link", "check")).Expect(2).Output;
            Assert.Matches($@"(?m)^{Regex.Escape(from.Host)} .*{Regex.Escape(to.Host)}:{port}\s.*link\.", checkedLinks);
            await hosts.Admit(from, to, port);
        }

        (await hub.Command("link", "check", "--all")).Expect(0);
        Assert.Contains("let a firewall admit only", await File.ReadAllTextAsync(Path.Combine(hub.Home, "logs", "server.log"), Cancelled), StringComparison.Ordinal);
    }

    /// <summary>The guide's table, as far as it is about the corridor.</summary>
    private static IEnumerable<(ServerHome From, ServerHome To, int Port)> Lines(Layout layout)
    {
        foreach (Match row in Row().Matches(Guide.Read("distribute.md").Text))
        {
            var (from, to, port) = (row.Groups["from"].Value.ToLowerInvariant(), row.Groups["to"].Value.ToLowerInvariant(), int.Parse(row.Groups["port"].Value, CultureInfo.InvariantCulture));
            foreach (var target in to.Length > 0 ? [layout.At(to)] : layout.Servers.Where(server => !server.Has(from)))
            {
                yield return (layout.At(from), target, port);
            }
        }
    }

    private async Task Campaign(Layout layout, RecordingSmtpServer outside)
    {
        var audience = Audience.Make(20, Seed, troubled: 0);
        var run = CampaignRun.On(layout, audience, outside, Own(new Players(Seed)));
        await run.Send();
        await run.Finish(TimeSpan.FromMinutes(3));
        Assert.Equal(20, (await run.Receipt()).Accepted);
    }

    [GeneratedRegex(@"^\| (?<from>LUI|HUB)'s servers? \| (?:(?<to>TRK|DST|HUB)'s servers?|every other server) \| (?<port>1099|7000) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"(?<from>[\d.]+):(?<fromport>\d+) > (?<to>[\d.]+):(?<toport>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Ends();
}
