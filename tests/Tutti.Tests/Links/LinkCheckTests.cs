// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.Testing;
using Tutti.Testing.Server;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Transport;

namespace Tutti.Commands.Tests.Links;

/// <summary>One secured server, and every defect that a connection of it can have: its row, its words, and the exit code.</summary>
[Trait("Row", "B-3")]
public sealed class LinkCheckTests : IDisposable
{
    private const string Own = "ui.tutti.test";
    private const string Password = "keystore password";
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new("CA A");

    private HomeFolder Home => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Row", "C-2.2.0.15")]
    [Trait("Row", "C-2.2.0.17")]
    public async Task Every_defect_is_found_with_its_code_and_what_to_do()
    {
        await using var server = await Start();
        Dialler.Peers = [];
        Assert.Contains("Nothing is dialled from here.", (await Check()).Expect(0).Output, StringComparison.Ordinal);

        var good = new DialledPeer("server", Own, server.InternalPort);
        foreach (var (code, host, words, other) in Defects())
        {
            var dialled = new DialledPeer("trk", host, other?.Port ?? FreePort.Next());
            Dialler.Peers = [good, dialled];
            var json = (await Check("--json")).Expect(2);
            var text = (await Check()).Expect(2);
            if (other is not null)
            {
                await other.DisposeAsync();
            }

            using var read = JsonDocument.Parse(json.Output);
            var rows = read.RootElement.GetProperty("rows").EnumerateArray().ToList();
            var row = Assert.Single(rows, each => !each.GetProperty("good").GetBoolean());
            Assert.False(read.RootElement.GetProperty("good").GetBoolean());
            Assert.Equal((code, "hub", Own, host, dialled.Port), (Text(row, "code"), Text(row, "fromComponent"), Text(row, "fromHost"), Text(row, "toHost"), row.GetProperty("toPort").GetInt32()));
            Assert.Contains(words, Text(row, "problem"), StringComparison.Ordinal);
            Assert.Contains(code, text.Output, StringComparison.Ordinal);
            Assert.Contains(words, text.Output, StringComparison.Ordinal);

            // The good one and the own listener are not drawn into it.
            Assert.All(rows.Where(each => each.GetProperty("good").GetBoolean()), each => Assert.Equal(("TLS 1.3", Own, "CN=CA A, O=Tutti tests"), (Text(each, "tls"), each.GetProperty("names")[0].GetString(), Text(each, "issuer"))));
            Assert.Equal(2, rows.Count(each => each.GetProperty("good").GetBoolean()));
        }

        Dialler.Peers = [good];
        using var mended = JsonDocument.Parse((await Check("--json")).Expect(0).Output);
        Assert.All(mended.RootElement.GetProperty("rows").EnumerateArray(), row => Assert.InRange(row.GetProperty("daysLeft").GetInt32(), 80, 90));

        // The hub has every server do so; one that it cannot reach has the one row that says why.
        Dialler.Peers = [good, new("server", Own, FreePort.Next())];
        using var all = JsonDocument.Parse((await Check("--all", "--json")).Expect(2).Output);
        Assert.Equal("link.closed", Text(Assert.Single(all.RootElement.GetProperty("rows").EnumerateArray(), row => !row.GetProperty("good").GetBoolean() && Text(row, "fromComponent") == "hub"), "code"));
        Assert.Contains(all.RootElement.GetProperty("rows").EnumerateArray(), row => Text(row, "to") == "listener");
    }

    [Fact]
    [Trait("Row", "B-34")]
    public async Task A_clock_that_is_off_is_shown_beside_a_good_row()
    {
        await using var server = await Start(new Ahead(TimeSpan.FromMinutes(10)));
        Dialler.Peers = [];

        using var read = JsonDocument.Parse((await Check("--json")).Expect(0).Output);
        var text = (await Check()).Expect(0);

        Assert.InRange(read.RootElement.GetProperty("rows")[0].GetProperty("clockOffsetMs").GetInt64(), -605_000, -595_000);
        Assert.Contains("Its clock differs from this server's by -", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_server_runs_and_where_there_is_no_hub_it_says_so()
    {
        Write("conf/server.ini", "Components=trk\nHostName=trk.tutti.test\n"u8.ToArray());

        Assert.Contains("is not running. Start it with", (await Check()).Expect(69).Error, StringComparison.Ordinal);
        Assert.Contains("which alone knows all servers", (await Check("--all")).Expect(69).Error, StringComparison.Ordinal);
    }

    /// <summary>What is at the other end; nobody for a port that is closed.</summary>
    private IEnumerable<(string Code, string Host, string Words, ScriptedServer? Other)> Defects()
    {
        var stranger = new TestAuthority("CA B");
        yield return ("link.closed", Own, "Nobody listens on port", null);
        yield return ("link.name-unknown", "nowhere.invalid", "Write it into the DNS or into the hosts file", null);
        yield return ("tls.name-mismatch", Own, "It shows old.tutti.test", Showing("old.tutti.test"));
        yield return ("tls.plain", Own, "it has no commands/ssl.ini", ScriptedServer.Answering([0, 0, 0, 4, 0, 0, 0, 0, 0]));
        yield return ("tls.untrusted", Own, "CN=CA B", ScriptedServer.Showing(stranger.Issue(new TestCertificate(Own))));
        yield return ("tls.expired", Own, "the clock here says", Showing(new TestCertificate(Own) { From = TestCertificate.Usual.AddDays(-9), Until = TestCertificate.Usual.AddDays(-2) }));
        yield return ("tls.not-yet-valid", Own, "the clock here says", Showing(new TestCertificate(Own) { From = TestCertificate.Usual.AddDays(3) }));
        yield return ("tls.no-name", Own, "names no host", Showing(new TestCertificate("*.tutti.test")));
        yield return ("tls.name-not-allowed", "localhost", "not in SSLAllowedClients", Showing("localhost"));
        yield return ("tls.peer-refused", Own, "look into logs/server.log of ui.tutti.test", ScriptedServer.Showing(_authority.Issue(new TestCertificate(Own)), letsIn: false));
        yield return ("tls.purpose", Own, "serverAuth", Showing(new TestCertificate(Own) { Uses = ["clientAuth"] }));
        yield return ("tls.protocol", Own, "no TLS 1.2 or 1.3", ScriptedServer.Answering([0x15, 3, 1, 0, 2, 2, 70]));
    }

    private ScriptedServer Showing(string name) => Showing(new TestCertificate(name));

    private ScriptedServer Showing(TestCertificate wanted) => ScriptedServer.Showing(_authority.Issue(wanted));

    private async Task<TestServer> Start(TimeProvider? clock = null)
    {
        Write("own.p12", _authority.Issue(new TestCertificate(Own)).ToKeystore(Password));
        Write("conf/trusted-roots.p12", IssuedCertificate.TrustedRoots("changeit", _authority.Root));
        Write("commands/ssl.ini", global::System.Text.Encoding.UTF8.GetBytes($"SSLAllowedClients={Own}\nSSLKeystorePath={_folder.File("own.p12")}\nSSLKeystorePassword={Password}\n"));
        return await TestServer.Start([ComponentType.Of<Dialler>()], [("server", $"HostName={Own}")], clock, Home);
    }

    private void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
        File.WriteAllBytes(_folder.File(path), content);
    }

    private Task<Terminal> Check(params string[] options) => Terminal.Run(["link", "check", "--home", _folder.Path, .. options]);

    private static string Text(JsonElement row, string key) => row.GetProperty(key).GetString()!;

    /// <summary>The time of day, and some more.</summary>
    private sealed class Ahead(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
