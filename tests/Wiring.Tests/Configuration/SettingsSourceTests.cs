// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Tutti.Testing;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Tests.Configuration;

public sealed class SettingsSourceTests
{
    [Fact]
    public void Values_are_read_in_the_types_of_their_record()
    {
        var settings = Bind("""
            Name=Tutti
            Lanes=7
            Patience=90s
            Mode=SmartHost
            Loud=yes
            Address=https://example.com/x
            Hosts=a, b,c
            """, out var complaints);

        Assert.Empty(complaints);
        Assert.Equal(("Tutti", 7, TimeSpan.FromSeconds(90), Mode.SmartHost, true), (settings.Name, settings.Lanes, settings.Patience, settings.Mode, settings.Loud));
        Assert.Equal("https://example.com/x", settings.Address?.ToString());
        Assert.Equal(["a", "b", "c"], settings.Hosts);
    }

    [Theory]
    [InlineData("15m", 900)]
    [InlineData("1.5h", 5400)]
    [InlineData("5d", 432000)]
    [InlineData("00:01:30", 90)]
    public void A_length_of_time_has_several_spellings(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Bind("Name=x\nPatience=" + text, out _).Patience);

    [Theory]
    [InlineData("Name=x\nLanes=many", "x.ini:2: Lanes: 'many' cannot be read as a whole number. Allowed: 1 to 9.")]
    [InlineData("Name=x\nLanes=10", "x.ini:2: Lanes: '10' is not allowed. Allowed: 1 to 9.")]
    [InlineData("Name=x\nMode=pigeon", "x.ini:2: Mode: 'pigeon' cannot be read as one of the allowed words. Allowed: capture, smarthost.")]
    [InlineData("Name=x\nMode=1", "x.ini:2: Mode: '1' cannot be read as one of the allowed words. Allowed: capture, smarthost.")]
    [InlineData("Name=x\nLoud=maybe", "x.ini:2: Loud: 'maybe' is neither yes nor no.")]
    [InlineData("Name=x\nPatience=soon", "x.ini:2: Patience: 'soon' is not a length of time. Write 90s, 15m, 12h, 5d or hh:mm:ss.")]
    [InlineData("Lanes=1", "x.ini: Name: is missing. How it is called.")]
    [InlineData("Name=x\nLane=1", "x.ini:2: Lane: is not a known key. Did you mean Lanes?")]
    [InlineData("Name=x\nAddress=ftp://x", "x.ini:2: Address: 'ftp://x' is not an address that starts with http:// or https://.")]
    public void What_is_wrong_is_told_with_file_line_and_key(string text, string complaint)
    {
        Bind(text, out var complaints);

        Assert.Equal(complaint, Assert.Single(complaints).ToString());
    }

    [Fact]
    public void An_environment_variable_goes_before_the_file_and_is_named_when_wrong()
    {
        var settings = Bind("Name=x\nLanes=2", out var complaints, new Hashtable { ["TUTTI_X_LANES"] = "3" });
        Assert.Empty(complaints);
        Assert.Equal(3, settings.Lanes);

        Bind("Name=x", out complaints, new Hashtable { ["TUTTI_X_LANES"] = "0", ["TUTTI_X_LANE"] = "1", ["TUTTI_Y_LANE"] = "1" });
        Assert.Equal(
            ["environment: TUTTI_X_LANES: '0' is not allowed. Allowed: 1 to 9.", "environment: TUTTI_X_LANE: is not a known setting. Did you mean Lanes?"],
            complaints.Select(each => each.ToString()));
    }

    [Fact]
    public void A_secret_comes_from_the_first_line_of_a_file_and_never_shows()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("secret"), "hush\nrest");

        var settings = Bind($"Name=x\nKey=file:{folder.File("secret")}", out _);
        Assert.Equal("hush", settings.Key.Reveal());
        Assert.Equal("(secret)", settings.Key.ToString());

        Bind("Name=x\nKey=file:relative", out var complaints);
        Assert.Equal("x.ini:2: Key: must name an absolute path after file:.", Assert.Single(complaints).ToString());
    }

    [Fact]
    public void A_key_of_one_component_goes_before_the_common_one()
    {
        using var folder = new TemporaryFolder();
        var home = new HomeFolder(folder.Path);
        Directory.CreateDirectory(folder.File("conf"));
        File.WriteAllText(home.ServerIni, "Components=lui,hub\nInternalPort=1100\nInternalPort.hub=1200");

        var server = ServerConfiguration.Read(home, new Hashtable());

        Assert.Equal(1100, server.Of("lui").InternalPort);
        Assert.Equal(new PeerAddress("localhost", 1200), server.Hub);
        Assert.Equal(["hub", "lui"], server.Components);
    }

    [Theory]
    [InlineData("Components=lui", "server.ini: Hub: must name the Administration Hub as HOST or HOST:PORT, because it is not on this server.")]
    [InlineData("Components=hub,post", "server.ini:1: Components: 'post' is not a component. Allowed: lui, hub, trk, dst.")]
    [InlineData("Components=trk\nBind=here", "server.ini:2: Bind: 'here' is not an IP address. Write 0.0.0.0 for all addresses.")]
    [InlineData("Components=trk\nHub=h", "server.ini:2: Hub: belongs only where the User Interface is on this server and the Hub is not. Remove the line.")]
    [InlineData("Components=trk\nWebPort=0", "server.ini:2: WebPort: '0' is not allowed. Allowed: 1 to 65535.")]
    public void Contradictions_in_a_server_are_told_once(string text, string complaint)
    {
        using var folder = new TemporaryFolder();
        var home = new HomeFolder(folder.Path);
        Directory.CreateDirectory(folder.File("conf"));
        File.WriteAllText(home.ServerIni, text);

        var refused = Assert.Throws<ConfigurationException>(() => ServerConfiguration.Read(home, new Hashtable()));

        Assert.Equal(complaint, Assert.Single(refused.Complaints).ToString());
    }

    private static ExampleSettings Bind(string text, out IReadOnlyList<Complaint> complaints, IDictionary? environment = null)
    {
        var source = new SettingsSource(IniFile.Parse("x.ini", text), "x", environment ?? new Hashtable());
        var settings = source.Bind<ExampleSettings>();
        complaints = source.Complaints();
        return settings;
    }

    private enum Mode
    {
        Capture,
        SmartHost,
    }

    private sealed record ExampleSettings
    {
        [Required, Description("How it is called.")]
        public string Name { get; init; } = "";

        [Range(1, 9), Description("How many.")]
        public int Lanes { get; init; } = 1;

        public TimeSpan Patience { get; init; }

        public Mode Mode { get; init; }

        public bool Loud { get; init; }

        public Uri? Address { get; init; }

        public string[] Hosts { get; init; } = [];

        public Secret Key { get; init; } = new("");
    }
}
