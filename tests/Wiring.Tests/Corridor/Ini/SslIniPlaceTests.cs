// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Diagnostics;
using Tutti.Testing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor.Ini;

namespace Tutti.Wiring.Tests.Corridor.Ini;

public sealed class SslIniPlaceTests : IDisposable
{
    private const string Good = "SSLAllowedClients=trk.tutti.test\nSSLKeystorePath=/srv/keys/trk.p12\nSSLKeystorePassword=secret";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Row", "C-2.0.6")]
    public void Without_the_file_a_server_is_plain()
    {
        Assert.False(Read().Exists);
        Directory.CreateDirectory(_folder.File("commands"));
        Assert.False(Read().Exists);
    }

    [Theory]
    [Trait("Row", "C-2.3.3")]
    [InlineData("SSL.INI")]
    [InlineData("Ssl.ini")]
    [InlineData("ssl.INI")]
    [InlineData("ss1.ini")]
    [InlineData("ssI.ini")]
    [InlineData("ssl.ini.txt")]
    public void A_name_that_only_looks_right_refuses_the_start_and_is_passed_over_beside_the_right_one(string name)
    {
        Write("commands/" + name, Good);
        var alone = Assert.Single(Read().Refusals);
        Write("commands/ssl.ini", Good);
        var beside = Read();

        Assert.Equal(("ssl.file-name", "commands/" + name), (alone.Code, alone.Source));
        Assert.Contains("Rename it to ssl.ini", alone.Message, StringComparison.Ordinal);
        Assert.NotNull(beside.Ini);
        Assert.Contains(beside.Warnings, warning => warning.Code == "ssl.file-name" && warning.Source == "commands/" + name);
    }

    [Theory]
    [Trait("Row", "C-2.3.2")]
    [InlineData("ssl.ini")]
    [InlineData("conf/ssl.ini")]
    [InlineData("command/ssl.ini")]
    public void In_another_folder_it_does_not_count_and_that_is_said(string path)
    {
        Write(path, Good);
        var read = Read();

        Assert.False(read.Exists);
        Assert.Equal(path, Assert.Single(read.Warnings).Source);
    }

    [Fact]
    public void What_cannot_be_read_refuses_the_start()
    {
        Directory.CreateDirectory(_folder.File("commands/ssl.ini"));
        var folder = Assert.Single(Read().Refusals);
        Directory.Delete(_folder.File("commands/ssl.ini"));
        File.CreateSymbolicLink(_folder.File("commands/ssl.ini"), _folder.File("nowhere"));
        var dangling = Assert.Single(Read().Refusals);

        Assert.Equal(("ssl.unreadable", "ssl.unreadable"), (folder.Code, dangling.Code));
    }

    [Fact]
    [Trait("Row", "C-2.3.6")]
    public void Entries_cannot_be_set_from_the_environment()
    {
        Write("commands/ssl.ini", Good);
        var read = SslIniReader.Read(new HomeFolder(_folder.Path), "trk.tutti.test", new Hashtable { ["TUTTI_SSL_SSLALLOWEDCLIENTS"] = "evil.test" });

        Assert.Equal("ssl.extra-entry", Assert.Single(read.Refusals).Code);
        Assert.Null(read.Ini);
    }

    [Theory]
    [Trait("Row", "C-2.3.22")]
    [InlineData(0b110_000_000, false)]
    [InlineData(0b110_100_000, true)]
    [InlineData(0b110_100_100, true)]
    [InlineData(0b110_110_110, true)]
    public void A_file_that_others_can_read_is_a_warning_whose_command_mends_it(int mode, bool isWarned)
    {
        Write("commands/ssl.ini", Good);
        File.SetUnixFileMode(_folder.File("commands/ssl.ini"), (UnixFileMode)mode);

        Assert.Equal(isWarned ? ["ssl.permissions"] : [], Read().Warnings.Select(warning => warning.Code!));
        MendAll();
        Assert.Empty(Read().Warnings);
    }

    [Fact]
    [Trait("Row", "C-2.3.22")]
    public void A_folder_that_others_can_write_is_a_warning_whose_command_mends_it()
    {
        Write("commands/ssl.ini", Good);
        File.SetUnixFileMode(_folder.File("commands"), (UnixFileMode)0b111_111_111);

        Assert.Equal("ssl.permissions", Assert.Single(Read().Warnings).Code);
        MendAll();
        Assert.Empty(Read().Warnings);
    }

    private void MendAll()
    {
        foreach (var warning in Read().Warnings)
        {
            var command = warning.Message[(warning.Message.IndexOf("Mend it: ", StringComparison.Ordinal) + "Mend it: ".Length)..];
            using var shell = Process.Start("sh", ["-c", command]);
            shell.WaitForExit();
            Assert.Equal(0, shell.ExitCode);
        }
    }

    private void Write(string path, string text)
    {
        var file = _folder.File(path);
        if (Path.GetDirectoryName(file) is var parent && !Directory.Exists(parent))
        {
            Directory.CreateDirectory(parent!, (UnixFileMode)0b111_000_000);
        }

        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private SslIniReading Read() => SslIniReader.Read(new HomeFolder(_folder.Path), "trk.tutti.test", new Hashtable());
}
