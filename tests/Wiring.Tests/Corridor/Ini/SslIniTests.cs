// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Testing;
using Tutti.Wiring.Corridor.Ini;

namespace Tutti.Wiring.Tests.Corridor.Ini;

public sealed class SslIniTests
{
    private const string Own = "trk.tutti.test";
    private const string Good = "SSLAllowedClients=ui.tutti.test,trk.tutti.test\nSSLKeystorePath=/srv/keys/trk.p12\nSSLKeystorePassword=secret";

    [Theory]
    [Trait("Row", "C-2.3.4")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Three_entries_are_accepted_with_every_kind_of_line_end(string lineEnd)
    {
        var read = Read("\uFEFF" + Good.Replace("\n", lineEnd, StringComparison.Ordinal));

        Assert.Empty(read.Refusals);
        Assert.Equal(["ui.tutti.test", "trk.tutti.test"], read.Ini!.AllowedClients);
        Assert.Equal("/srv/keys/trk.p12", read.Ini.KeystorePath);
        Assert.Equal("secret", read.Ini.KeystorePassword.Reveal());
    }

    [Theory]
    [Trait("Row", "C-2.3.6")]
    [InlineData("SSLAllowedClients", "ssl.missing-entry")]
    [InlineData("SSLKeystorePath", "ssl.missing-entry")]
    [InlineData("SSLKeystorePassword", "ssl.missing-entry")]
    public void A_missing_entry_is_named(string key, string code)
    {
        var refused = Read(string.Join('\n', Good.Split('\n').Where(line => !line.StartsWith(key + "=", StringComparison.Ordinal))));

        Assert.Equal($"commands/ssl.ini: {key}: [{code}] is missing. The file has exactly three entries: SSLAllowedClients, SSLKeystorePath and SSLKeystorePassword.", Assert.Single(refused.Refusals).ToString());
    }

    [Theory]
    [Trait("Row", "C-2.3.6")]
    [InlineData("SSLAllowedClients")]
    [InlineData("SSLKeystorePath")]
    [InlineData("SSLKeystorePassword")]
    public void A_doubled_or_empty_entry_is_named_with_its_line(string key)
    {
        var line = Good.Split('\n').Single(given => given.StartsWith(key + "=", StringComparison.Ordinal));
        var doubled = Assert.Single(Read(Good + "\n" + line).Refusals);
        var empty = Assert.Single(Read(Good.Replace(line, key + "=", StringComparison.Ordinal)).Refusals);

        Assert.Equal(("ssl.duplicate-entry", 4, key), (doubled.Code, doubled.Line, doubled.Key));
        Assert.Equal(("ssl.empty-value", key), (empty.Code, empty.Key));
    }

    [Theory]
    [Trait("Row", "C-2.3.6")]
    [Trait("Row", "C-2.1.6")]
    [InlineData("sslallowedclients=a", "Did you mean SSLAllowedClients?")]
    [InlineData("SSLKeystorePath.hub=/x", "SSLKeystorePath counts for all components of this server")]
    [InlineData("SSLKeystoreFile=/x", "Did you mean SSLKeystorePath?")]
    [InlineData("Port=7000", "exactly three entries")]
    [InlineData("dst.tutti.test", "must be one line")]
    public void A_fourth_entry_is_refused_with_what_it_may_have_been_meant_for(string line, string hint)
    {
        var refused = Assert.Single(Read(Good + "\n" + line).Refusals);

        Assert.Equal(("ssl.extra-entry", 4), (refused.Code, refused.Line));
        Assert.Contains(hint, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Row", "C-2.3.6")]
    [InlineData("")]
    [InlineData("# nothing but this\n! and this\n")]
    public void A_file_without_entries_is_refused_and_not_taken_for_plain(string text)
    {
        var read = Read(text);

        Assert.True(read.Exists);
        Assert.Equal(3, read.Refusals.Count(refusal => refusal.Code == "ssl.missing-entry"));
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var refused = Read("SSLAllowedClients=ui.tutti.test,\nSSLKeystorePath=keys/trk.p12\nPort=1").Refusals;

        Assert.Equal(["ssl.extra-entry", "ssl.list-empty-name", "ssl.missing-entry", "ssl.path-relative"], refused.Select(refusal => refusal.Code!).Order(StringComparer.Ordinal));
        Assert.Contains(
            "commands/ssl.ini:2: SSLKeystorePath: [ssl.path-relative] 'keys/trk.p12' is not an absolute path. Write the whole path, for example /srv/keys/server.p12.",
            refused.Select(refusal => refusal.ToString()));
    }

    [Theory]
    [Trait("Row", "C-2.3.8")]
    [Trait("Row", "C-2.3.11")]
    [Trait("Row", "C-2.3.12")]
    [Trait("Row", "C-2.3.13")]
    [InlineData("a.test;trk.tutti.test", "ssl.list-bad-name", "Only a comma")]
    [InlineData("a.test|trk.tutti.test", "ssl.list-bad-name", "Only a comma")]
    [InlineData("a.test trk.tutti.test", "ssl.list-blank", "character 7")]
    [InlineData("a.test, trk.tutti.test", "ssl.list-blank", "a.test,trk.tutti.test")]
    [InlineData("a.test ,trk.tutti.test", "ssl.list-blank", "character 7")]
    [InlineData("\\ a.test,trk.tutti.test", "ssl.list-blank", "character 1")]
    [InlineData("a.test,trk.tutti.test ", "ssl.list-blank", "character 22")]
    [InlineData("a.test,trk.tutti.test\t", "ssl.list-blank", "character 22")]
    [InlineData("a.test\\n,trk.tutti.test", "ssl.list-bad-name", "line break")]
    [InlineData("a.test\\r,trk.tutti.test", "ssl.list-bad-name", "line break")]
    [InlineData("a.test,,trk.tutti.test", "ssl.list-empty-name", "name 2")]
    [InlineData("a.test,trk.tutti.test,", "ssl.list-empty-name", "name 3")]
    [InlineData("a.test:7000,trk.tutti.test", "ssl.list-bad-name", "without port")]
    [InlineData("http://a.test,trk.tutti.test", "ssl.list-bad-name", "scheme")]
    [InlineData("a.test/x,trk.tutti.test", "ssl.list-bad-name", "slash")]
    [InlineData("*,trk.tutti.test", "ssl.list-bad-name", "wildcard")]
    [InlineData("*.tutti.test,trk.tutti.test", "ssl.list-bad-name", "wildcard")]
    [InlineData("10.0.0.1,trk.tutti.test", "ssl.list-bad-name", "hosts file")]
    [InlineData("[\\:\\:1],trk.tutti.test", "ssl.list-bad-name", "hosts file")]
    [InlineData("\"a.test\",trk.tutti.test", "ssl.list-bad-name", "quotes")]
    [InlineData("a.test.,trk.tutti.test", "ssl.list-bad-name", "Write a.test.")]
    [InlineData("a.test,trk.tutti.test#two", "ssl.list-bad-name", "comment")]
    [InlineData("a-.test,trk.tutti.test", "ssl.list-bad-name", "hyphen")]
    [InlineData("localhost,trk.tutti.test", "ssl.list-bad-name", "one server")]
    public void A_list_of_anything_but_names_and_commas_is_refused(string list, string code, string hint)
    {
        var refused = Read(Good.Replace("ui.tutti.test,trk.tutti.test", list, StringComparison.Ordinal)).Refusals;

        Assert.Equal(code, Assert.Single(refused).Code);
        Assert.Contains(hint, refused[0].Message, StringComparison.Ordinal);
        Assert.Equal((1, "SSLAllowedClients"), (refused[0].Line, refused[0].Key));
    }

    [Theory]
    [Trait("Row", "C-2.3.10")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(500)]
    public void A_list_has_one_to_any_number_of_names(int count)
    {
        var list = string.Join(',', Enumerable.Range(1, count - 1).Select(i => $"s{i}.tutti.test").Append(Own));

        Assert.Equal(count, Read(Good.Replace("ui.tutti.test,trk.tutti.test", list, StringComparison.Ordinal)).Ini!.AllowedClients.Count);
    }

    [Fact]
    [Trait("Row", "C-2.3.5")]
    public void A_continued_line_is_one_list() =>
        Assert.Equal(["ui.tutti.test", Own], Read(Good.Replace("ui.tutti.test,", "ui.tutti.test,\\\n    ", StringComparison.Ordinal)).Ini!.AllowedClients);

    [Fact]
    [Trait("Row", "C-2.3.15")]
    public void The_own_name_must_be_in_the_list()
    {
        var refused = Assert.Single(Read(Good.Replace(",trk.tutti.test", "", StringComparison.Ordinal)).Refusals);

        Assert.Equal("ssl.own-name-missing", refused.Code);
        Assert.Contains(Own, refused.Message, StringComparison.Ordinal);
        Assert.Contains("'ui.tutti.test'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.3.15")]
    [Trait("Row", "B-14")]
    public void A_server_that_has_only_an_address_is_told_to_take_a_name()
    {
        var refused = Assert.Single(SslIniReader.Parse(Encoding.UTF8.GetBytes(Good), "127.0.0.1", isWindows: false).Refusals);

        Assert.Equal("ssl.own-name-missing", refused.Code);
        Assert.Contains("HostName in conf/server.ini is '127.0.0.1', which is an IP address", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.3.10")]
    public void An_installation_on_one_server_may_be_called_localhost() =>
        Assert.Equal(["localhost"], SslIniReader.Parse(Encoding.UTF8.GetBytes("SSLAllowedClients=localhost\nSSLKeystorePath=/k\nSSLKeystorePassword=p"), "localhost", false).Ini!.AllowedClients);

    [Fact]
    public void Names_are_compared_in_lower_case_and_one_that_stands_twice_is_a_warning()
    {
        var read = Read(Good.Replace("ui.tutti.test", "TRK.Tutti.test,ui.tutti.TEST", StringComparison.Ordinal));

        Assert.Equal([Own, "ui.tutti.test"], read.Ini!.AllowedClients);
        Assert.Equal("ssl.list-duplicate", Assert.Single(read.Warnings).Code);
    }

    [Theory]
    [Trait("Row", "C-2.3.17")]
    [Trait("Row", "C-2.3.18")]
    [InlineData("keys/h.p12", false, "")]
    [InlineData("./h.p12", false, "")]
    [InlineData("../h.p12", false, "")]
    [InlineData("~/h.p12", false, "nothing stands in")]
    [InlineData("$HOME/h.p12", false, "nothing stands in")]
    [InlineData("C:/keys/h.p12", false, "is a Windows path")]
    [InlineData("/keys/h.p12", true, "names no drive")]
    [InlineData("C:h.p12", true, "")]
    [InlineData("keys/h.p12", true, "C:/keys")]
    [InlineData("//server", true, "names no drive")]
    public void A_relative_path_is_refused_by_the_rule_of_each_platform(string path, bool isWindows, string hint)
    {
        var refused = Assert.Single(Parse(Good.Replace("/srv/keys/trk.p12", path, StringComparison.Ordinal), isWindows).Refusals);

        Assert.Equal(("ssl.path-relative", 2), (refused.Code, refused.Line));
        Assert.Contains(hint, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Row", "C-2.3.18")]
    [Trait("Row", "C-2.3.19")]
    [Trait("Row", "B-31")]
    [InlineData("C:/keys/h.p12", "C:/keys/h.p12")]
    [InlineData(@"C:\\keys\\h.p12", @"C:\keys\h.p12")]
    [InlineData("//server/share/h.p12", "//server/share/h.p12")]
    [InlineData(@"\\\\server\\share\\h.p12", @"\\server\share\h.p12")]
    public void Windows_paths_may_have_slashes_or_doubled_backslashes(string written, string path) =>
        Assert.Equal(path, Parse(Good.Replace("/srv/keys/trk.p12", written, StringComparison.Ordinal), isWindows: true).Ini!.KeystorePath);

    [Theory]
    [Trait("Row", "C-2.3.19")]
    [Trait("Row", "B-31")]
    [InlineData(@"C:\keys\trk.p12", @"SSLKeystorePath=C:\\keys\\trk.p12", "C:keys<TAB>rk.p12")]
    [InlineData(@"C:\new\u.p12", @"SSLKeystorePath=C:\\new\\u.p12", "")]
    [InlineData(@"\\server\share\h.p12", @"SSLKeystorePath=\\\\server\\share\\h.p12", "")]
    [InlineData(@"\opt\x", @"SSLKeystorePath=\\opt\\x", "'optx'")]
    public void A_single_backslash_is_reported_with_the_corrected_line(string written, string corrected, string read)
    {
        foreach (var isWindows in (bool[])[true, false])
        {
            var refused = Assert.Single(Parse(Good.Replace("/srv/keys/trk.p12", written, StringComparison.Ordinal), isWindows).Refusals);

            Assert.Equal(("ssl.path-backslash", 2), (refused.Code, refused.Line));
            Assert.EndsWith(corrected, refused.Message, StringComparison.Ordinal);
            Assert.Contains(read, refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [Trait("Row", "C-2.3.20")]
    [InlineData(@"\ leading", " leading")]
    [InlineData("=a:b#c!d", "a:b#c!d")]
    [InlineData("a=b:c#d!e", "a=b:c#d!e")]
    [InlineData("Gr\u00fc\u00dfe", "Gr\u00fc\u00dfe")]
    [InlineData("trailing ", "trailing ")]
    [InlineData(@"back\\slash", @"back\slash")]
    public void A_password_is_read_by_the_rules_of_ini(string written, string password) =>
        Assert.Equal(password, Read(Good.Replace("Password=secret", "Password=" + (written[0] == '=' ? written[1..] : written), StringComparison.Ordinal)).Ini!.KeystorePassword.Reveal());

    [Theory]
    [Trait("Row", "C-2.3.20")]
    [InlineData("secret ", "ends with a blank")]
    [InlineData(@"se\cret", "single backslash")]
    public void What_catches_the_eye_in_a_password_is_kept_as_a_hint(string written, string hint) =>
        Assert.Contains(hint, Read(Good.Replace("=secret", "=" + written, StringComparison.Ordinal)).Ini!.PasswordHint, StringComparison.Ordinal);

    [Fact]
    [Trait("Row", "C-2.3.21")]
    public void A_password_may_stand_in_a_file_of_its_own()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("password"), "from file\nnot this\n");
        File.WriteAllText(folder.File("empty"), "\n");

        string Text(string path) => Good.Replace("=secret", $"=file:{path}", StringComparison.Ordinal);
        Assert.Equal("from file", Read(Text(folder.File("password"))).Ini!.KeystorePassword.Reveal());
        Assert.Equal("ssl.unreadable", Assert.Single(Read(Text(folder.File("absent"))).Refusals).Code);
        Assert.Equal("ssl.empty-value", Assert.Single(Read(Text(folder.File("empty"))).Refusals).Code);
        Assert.Equal("ssl.path-relative", Assert.Single(Read(Text("password")).Refusals).Code);
    }

    [Fact]
    [Trait("Row", "C-2.3.4")]
    public void Another_encoding_is_refused_with_the_line()
    {
        var utf16 = Encoding.Unicode.GetPreamble();
        var latin = Encoding.Latin1.GetBytes(Good.Replace("secret", "Gr\u00fc\u00dfe", StringComparison.Ordinal));
        (byte[] Bytes, int Line)[] files =
        [
            ([.. utf16, .. Encoding.Unicode.GetBytes(Good)], 1),
            (Encoding.Unicode.GetBytes(Good), 1),
            (Encoding.UTF8.GetBytes(Good.Replace("secret", "se\0cret", StringComparison.Ordinal)), 3),
            (latin, 3),
        ];

        foreach (var (bytes, line) in files)
        {
            var refused = Assert.Single(SslIniReader.Parse(bytes, Own, isWindows: false).Refusals);
            Assert.Equal(("ssl.syntax", line), (refused.Code, refused.Line));
        }
    }

    [Fact]
    public void A_malformed_escape_is_a_fault_of_syntax() =>
        Assert.Equal(("ssl.syntax", 3), Assert.Single(Read(Good.Replace("=secret", @"=se\uXYZ", StringComparison.Ordinal)).Refusals) is var refused ? (refused.Code, refused.Line!.Value) : default);

    private static SslIniReading Read(string text) => Parse(text, isWindows: false);

    private static SslIniReading Parse(string text, bool isWindows) => SslIniReader.Parse(Encoding.UTF8.GetBytes(text), Own, isWindows);
}
