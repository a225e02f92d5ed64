// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.Commands.Status;
using Tutti.Contracts.Hub.Control.V1;
using Tutti.Testing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;

namespace Tutti.Commands.Tests.Status;

/// <summary>Status where the hub runs: all servers side by side, and an exit code of its own while they are not alike.</summary>
public sealed class InstallationStatusTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait("Row", "B-6")]
    [Trait("Row", "B-7")]
    [Trait("Row", "C-2.1.8")]
    [Trait("Row", "C-2.4.1")]
    [InlineData(false, "secured", true)]
    [InlineData(false, "unreachable", true)]
    [InlineData(true, "plain", false)]
    [InlineData(false, "refused", false)]
    [InlineData(false, "refuses-hub", false)]
    public void Servers_that_are_not_alike_are_named_and_end_the_command_with_one(bool isMixed, string state, bool isAlike)
    {
        var list = new ServerList
        {
            Mixed = isMixed,
            Problems = { "trk.tutti.test:1099 is not like the others" },
            Servers =
            {
                new KnownServer { Host = "trk.tutti.test", Port = 1099, Answers = true, Corridor = state, Odd = true, Certificate = "unsigned", SslIni = "ok", Secured = "no", NotAfterMs = 1_800_000_000_000, ClockOffsetMs = 2500 },
            },
        };
        list.Servers[0].Components.Add(new KnownComponent { Name = "trk", Unfinished = { ["Events not fetched yet"] = 12 } });

        var report = Report(list);
        using var json = JsonDocument.Parse(report.ToJson());

        Assert.Equal(isAlike, report.IsAlike);
        var server = json.RootElement.GetProperty("installation").GetProperty("servers")[0];
        Assert.Equal((state, "unsigned", "ok", "no"), (Text(server, "corridor"), Text(server, "certificate"), Text(server, "sslIni"), Text(server, "secured")));
        Assert.Equal(12, server.GetProperty("backlog").GetProperty("Events not fetched yet").GetInt64());
        Assert.Contains($"{state} (not like the others) certificate until 2027-01-15 Events not fetched yet: 12", report.ToText(), StringComparison.Ordinal);
        Assert.EndsWith("trk.tutti.test:1099 is not like the others", report.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.4.1")]
    [Trait("Row", "C-2.4.2")]
    public void A_server_that_is_off_is_described_by_its_files()
    {
        var plain = Report(null);
        Write("commands/ssl.ini", "SSLAllowedClients=a, b\n");
        var refused = Report(null);

        Assert.Equal(("off", "missing", "missing", "no"), (plain.Corridor.State, plain.Corridor.Certificate, plain.Corridor.SslIni, plain.Corridor.Secured));
        Assert.StartsWith("refused ssl.", refused.Corridor.SslIni, StringComparison.Ordinal);
        Assert.Contains(refused.Corridor.Problems, problem => problem.Contains("[ssl.list-blank]", StringComparison.Ordinal));
        Assert.True(refused.IsAlike);
    }

    private StatusReport Report(ServerList? list)
    {
        Write("conf/server.ini", "Components=hub\nHostName=ui.tutti.test\n");
        var home = new HomeFolder(_folder.Path);
        var configuration = ServerConfiguration.Read(home, new Dictionary<string, string>());
        return StatusReport.Of(configuration, [], CorridorFiles.Look(home, configuration, new Dictionary<string, string>(), TimeProvider.System), list);
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
        File.WriteAllText(_folder.File(path), text);
    }

    private static string Text(JsonElement element, string key) => element.GetProperty(key).GetString()!;
}
