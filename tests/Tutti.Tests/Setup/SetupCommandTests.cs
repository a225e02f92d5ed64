// SPDX-License-Identifier: Apache-2.0
using Tutti.Commands.Setup;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Tests.Setup;

public sealed class SetupCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tutti-setup-").FullName;

    private string Home => Path.Combine(_folder, "home");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("Row", "C-1.1.3")]
    public async Task The_folder_holds_exactly_what_the_chosen_components_need()
    {
        (await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "trk,lui")).Expect(0);

        Assert.Equal(
            [
                "commands", "conf", "conf/server.ini", "conf/trusted-roots.p12", "logs",
                "lui", "lui/backup", "lui/data", "lui/logs", "lui/lui.ini",
                "trk", "trk/backup", "trk/data", "trk/logs", "trk/tracker.ini",
            ],
            Directory.EnumerateFileSystemEntries(Home, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Home, path)).Where(path => !path.EndsWith(".log", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nobody_but_the_owner_may_look_into_it()
    {
        (await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "hub")).Expect(0);

        foreach (var path in Directory.EnumerateFileSystemEntries(Home, "*", SearchOption.AllDirectories).Append(Home).Where(path => !path.Contains("/data/", StringComparison.Ordinal)))
        {
            const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others & (path.EndsWith(".log", StringComparison.Ordinal) ? UnixFileMode.None : Others));
        }
    }

    [Fact]
    public async Task Ports_and_settings_stand_in_the_files()
    {
        (await Terminal.Run(
            "setup", "--home", Home, "--components", "lui,hub,trk,dst", "--host", "mail.society.example", "--bind", "127.0.0.1",
            "--web-port", "18080", "--tracker-web-port", "18081", "--internal-port", "11099", "--tracker-port", "17000", "--smtp-port", "12525",
            "--set", "dst.Mode=smarthost", "--set", "dst.Smarthost=[::1]:2526", "--set", "trk.PublicUrl=https://click.society.example")).Expect(0);

        var server = ServerConfiguration.Read(new HomeFolder(Home), new Dictionary<string, string>());
        Assert.Equal(("mail.society.example", "127.0.0.1"), (server.Common.HostName, server.Common.Bind));
        Assert.Equal((18080, 18081, 11099, 17000, 12525), (server.Common.WebPort, server.Common.TrackerWebPort, server.Common.InternalPort, server.Common.TrackerPort, server.Common.SmtpPort));
        Assert.Equal("[::1]:2526", IniFile.Read(Path.Combine(Home, "dst", "distributor.ini")).Find("Smarthost")?.Value);
        Assert.Equal("https://click.society.example", IniFile.Read(Path.Combine(Home, "trk", "tracker.ini")).Find("PublicUrl")?.Value);
    }

    [Fact]
    public async Task A_user_interface_without_a_hub_has_to_be_told_where_it_is()
    {
        var untold = await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "lui");
        (await Terminal.Run("setup", "--home", Home + "2", "--host", "one.society.example", "--components", "lui", "--hub", "hub.society.example:1100")).Expect(0);

        untold.Expect(0);
        Assert.Contains("before the first start: server.ini: Hub", untold.Error, StringComparison.Ordinal);
        var hub = ServerConfiguration.Read(new HomeFolder(Home + "2"), new Dictionary<string, string>()).Hub;
        Assert.Equal(new PeerAddress("hub.society.example", 1100), hub);
    }

    [Fact]
    public async Task Separate_components_get_ports_of_their_own()
    {
        (await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "lui,hub,trk,dst", "--separate")).Expect(0);

        var server = ServerConfiguration.Read(new HomeFolder(Home), new Dictionary<string, string>());
        Assert.Equal([1099, 1100, 1101, 1102], new[] { "lui", "hub", "trk", "dst" }.Select(component => server.Of(component).InternalPort));
        Assert.Equal((8080, 8090), (server.Of("lui").WebPort, server.Of("hub").WebPort));
    }

    [Fact]
    public async Task An_existing_home_is_never_overwritten()
    {
        (await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "trk")).Expect(0);
        var before = await File.ReadAllTextAsync(Path.Combine(Home, "conf", "server.ini"), TestContext.Current.CancellationToken);

        var second = await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "lui,hub");

        second.Expect(ExitCode.Refused);
        Assert.Contains("--add", second.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(Home, "conf", "server.ini"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_folder_with_something_else_in_it_is_refused()
    {
        Directory.CreateDirectory(Home);
        await File.WriteAllTextAsync(Path.Combine(Home, "thesis.txt"), "mine", TestContext.Current.CancellationToken);

        (await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "trk")).Expect(ExitCode.Refused);

        Assert.Equal("thesis.txt", Path.GetFileName(Assert.Single(Directory.EnumerateFileSystemEntries(Home))));
    }

    [Theory]
    [InlineData("trk.Nonsense=1", "Nonsense")]
    [InlineData("server.WebPort=abc", "WebPort")]
    [InlineData("dst.Mode=pigeon", "Mode")]
    [InlineData("dst.Connections=0", "Connections")]
    public async Task A_setting_that_nobody_knows_or_that_is_not_allowed_sets_nothing_up(string setting, string key)
    {
        var answer = await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "trk,dst", "--set", setting);

        answer.Expect(ExitCode.Usage);
        Assert.Contains(key, answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Home, "conf", "server.ini")));
    }

    [Fact]
    public async Task Where_the_hub_is_a_fresh_password_is_shown_once()
    {
        var answer = await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "hub");

        answer.Expect(0);
        Assert.Matches("Sign in as admin with the password [A-Za-z2-9]{20} ", answer.Output);
    }

    [Fact]
    public async Task A_given_password_is_not_shown()
    {
        var file = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(file, "correct horse\nbattery", TestContext.Current.CancellationToken);

        var answer = await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "hub", "--admin-password-file", file);

        answer.Expect(0);
        Assert.DoesNotContain("password", answer.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_password_that_is_too_short_sets_nothing_up()
    {
        var file = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(file, "short\n", TestContext.Current.CancellationToken);

        var answer = await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "hub", "--admin-password-file", file);

        answer.Expect(ExitCode.Refused);
        Assert.Contains("at least 8", answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Home, "conf", "server.ini")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("lui,fax")]
    [InlineData("trk,TRK")]
    [InlineData("lui,trk,lui")]
    [Trait("Row", "C-1.1.2")]
    public async Task A_list_without_a_component_with_an_unknown_or_a_doubled_one_leaves_no_folder(string list)
    {
        var answer = await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", list);

        answer.Expect(ExitCode.Usage);
        Assert.Contains("There are", answer.Error, StringComparison.Ordinal);
        Assert.All(HomeFolder.ComponentNames, name => Assert.Contains(name, answer.Error, StringComparison.Ordinal));
        Assert.False(Directory.Exists(Home));
    }

    [Fact]
    [Trait("Row", "C-1.1.2")]
    public async Task Order_and_case_of_the_list_do_not_matter()
    {
        (await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "DST, Hub")).Expect(0);

        Assert.Equal("hub,dst", IniFile.Read(Path.Combine(Home, "conf", "server.ini")).Find("Components")?.Value);
    }

    [Fact]
    [Trait("Row", "C-2.2.0.13")]
    public async Task A_server_that_others_have_to_find_is_named_by_its_machine_if_that_has_a_full_name_or_has_to_be()
    {
        var machine = await MachineName.Full(TestContext.Current.CancellationToken);
        var answer = await Terminal.Run("setup", "--home", Home, "--components", "trk");
        if (MachineName.IsFull(machine))
        {
            answer.Expect(0);
            Assert.Equal(machine, IniFile.Read(Path.Combine(Home, "conf", "server.ini")).Find("HostName")?.Value);
        }
        else
        {
            answer.Expect(ExitCode.Usage);
            Assert.Contains("--host NAME", answer.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Home));
        }

        (await Terminal.Run("setup", "--home", Home + "2", "--components", "lui,hub,trk,dst")).Expect(0);
        Assert.Equal(machine, IniFile.Read(Path.Combine(Home + "2", "conf", "server.ini")).Find("HostName")?.Value);
    }

    [Theory]
    [Trait("Row", "C-2.2.0.13")]
    [InlineData("trk.society.example", true)]
    [InlineData("trk", false)]
    [InlineData("localhost", false)]
    [InlineData("localhost.localdomain", false)]
    [InlineData("192.0.2.1", false)]
    public void A_full_name_has_a_dot_and_leads_elsewhere_than_home(string name, bool isFull) => Assert.Equal(isFull, MachineName.IsFull(name));

    [Fact]
    [Trait("Row", "C-2.0.10")]
    public async Task Without_https_for_people_the_chapter_about_it_is_named()
    {
        var bare = (await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "hub")).Expect(0);
        var own = await Terminal.Run("setup", "--home", Home + "2", "--host", "one.society.example", "--components", "dst");

        Assert.Single(bare.Output.Split('\n'), line => line.Contains("install.md", StringComparison.Ordinal) && line.Contains("HTTPS for people", StringComparison.Ordinal));
        Assert.DoesNotContain("HTTPS", own.Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-1.1.2")]
    public async Task Where_nobody_can_be_asked_the_components_have_to_be_named()
    {
        var answer = await Terminal.Run("setup", "--home", Home);

        answer.Expect(ExitCode.Usage);
        Assert.Contains("--components", answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Home));
    }

    [Theory]
    [InlineData("lui,trk", true)]
    [InlineData("lui,hub,trk,dst", true)]
    [InlineData("lui,hub", false)]
    [InlineData("trk,dst", false)]
    [Trait("Row", "C-1.0.11")]
    public async Task A_tracker_beside_the_user_interface_gets_a_line_of_advice(string components, bool advised)
    {
        var answer = await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", components);

        answer.Expect(0);
        Assert.Equal(advised ? 1 : 0, answer.Output.Split('\n').Count(line => line.StartsWith("Advice:", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Row", "C-1.1.4")]
    public async Task A_hub_beside_a_user_interface_that_uses_another_hub_is_refused()
    {
        (await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "lui", "--hub", "hub.example")).Expect(0);
        var before = await File.ReadAllTextAsync(Path.Combine(Home, "conf", "server.ini"), TestContext.Current.CancellationToken);

        var answer = await Terminal.Run("setup", "--home", Home, "--add", "hub");

        answer.Expect(ExitCode.Refused);
        Assert.Contains("hub.example", answer.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(Home, "conf", "server.ini"), TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(Path.Combine(Home, "hub")));
    }

    [Fact]
    [Trait("Row", "C-1.1.4")]
    public async Task A_user_interface_that_is_added_can_be_told_where_the_hub_is()
    {
        (await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "trk")).Expect(0);

        (await Terminal.Run("setup", "--home", Home, "--add", "lui", "--hub", "hub.example:1100")).Expect(0);

        Assert.Equal(new PeerAddress("hub.example", 1100), ServerConfiguration.Read(new HomeFolder(Home), new Dictionary<string, string>()).Hub);
    }

    [Fact]
    [Trait("Row", "C-1.1.4")]
    public async Task Components_can_be_added_later_and_nothing_else_changes()
    {
        (await Terminal.Run("setup", "--home", Home, "--host", "one.society.example", "--components", "lui,trk", "--set", "trk.PublicUrl=https://a.example")).Expect(0);
        var tracker = await File.ReadAllTextAsync(Path.Combine(Home, "trk", "tracker.ini"), TestContext.Current.CancellationToken);

        (await Terminal.Run("setup", "--home", Home, "--add", "dst,hub", "--set", "dst.Connections=7")).Expect(0);

        Assert.Equal(["hub", "trk", "dst", "lui"], ServerConfiguration.Read(new HomeFolder(Home), new Dictionary<string, string>()).Components);
        Assert.Equal(tracker, await File.ReadAllTextAsync(Path.Combine(Home, "trk", "tracker.ini"), TestContext.Current.CancellationToken));
        Assert.Equal("7", IniFile.Read(Path.Combine(Home, "dst", "distributor.ini")).Find("Connections")?.Value);
        (await Terminal.Run("setup", "--home", Home, "--add", "dst")).Expect(ExitCode.Refused);
    }
}
