// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;
using Tutti.Testing.Listserv;

namespace Tutti.System.Tests.Corridor;

/// <summary>A secured server end to end: certificates by command, start lines, every link, a campaign, and a refused start.</summary>
public sealed class SecuredCampaignTests : SystemTest
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    [Theory]
    [Trait("Row", "C-2.0.6")]
    [Trait("Row", "C-2.1.6")]
    [Trait("Row", "C-2.1.10")]
    [Trait("Row", "C-2.2.0.16")]
    [Trait("Row", "C-2.3.15")]
    [Trait("Row", "C-2.4.5")]
    [Trait("Row", "B-3")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_campaign_runs_over_a_secured_corridor(bool separate)
    {
        var outside = Own(new RecordingSmtpServer());
        var listserv = Own(new ListservDouble());
        listserv.Lists["NEWS-L"] = new();
        string[] settings =
        [
            .. Campaigns.CampaignRun.Settings(outside, connections: 2),
            $"dst.Listserv=127.0.0.1:{listserv.Port}", $"dst.ListservUser={listserv.Account}", $"dst.ListservPassword={listserv.Password}",
        ];
        var installation = Own(await Installation.SetUp(separate, settings));
        var secured = new SecuredInstallation(installation);
        await secured.Secure();
        await secured.Start(separate ? [.. Installation.All] : ["all"]);

        foreach (var component in Installation.All)
        {
            var line = $"{component.ToUpperInvariant()}: Initializing Secure Sockets Layer (SSL) for component communication";
            Assert.Single(await File.ReadAllLinesAsync(Path.Combine(installation.Home, component, "logs", component + ".log"), Cancelled), each => each.EndsWith(" " + line, StringComparison.Ordinal));
            Assert.Contains(line, installation.Explain(), StringComparison.Ordinal);
        }

        await installation.CreateToken();
        var files = Directory.CreateDirectory(installation.Home + ".files").FullName;
        await Audience.Make(50, seed: 3).Write(Path.Combine(files, "members.csv"));
        var (html, text) = await Letter.Write(files);
        var sent = await installation.Job(
            _patience, ["send", "--recipients", Path.Combine(files, "members.csv"), "--html", html, "--text", text, "--subject", Letter.Subject, "--from", Letter.Sender, "--wait", "--json"]);
        Directory.Delete(files, recursive: true);
        Assert.True(Receipt.Read(sent.Expect(0).LastLine) is { AddsUp: true, Waiting: 0, Accepted: > 40 }, sent.LastLine);

        foreach (var all in (string[][])[[], ["--all"]])
        {
            var check = (await installation.Command(["link", "check", "--json", .. all])).Expect(0);
            using var read = JsonDocument.Parse(check.LastLine);
            var rows = read.RootElement.GetProperty("rows").EnumerateArray().ToList();
            Assert.All(rows, row => Assert.Equal(("TLS 1.3", SecuredInstallation.Name), (row.GetProperty("tls").GetString(), row.GetProperty("names")[0].GetString())));
            Assert.Contains(rows, row => row.GetProperty("fromComponent").GetString() == "lui" && row.GetProperty("to").GetString() == "trk");
            Assert.Contains(rows, row => row.GetProperty("fromComponent").GetString() == "hub");
            Assert.Contains(rows, row => row.GetProperty("to").GetString() == "listener");
        }

        // LISTSERV's port is not part of it: these are the bytes of a command without certificates.
        Assert.Equal("NEWS-L", (await installation.Command("dst", "listserv", "lists")).Expect(0).LastLine);
        byte[] origin = [.. "1B\r\n\0\u0027\u0011"u8, .. "tutti@example.com"u8];
        Assert.Equal([.. origin, .. "LISTS OWNED PW=SECRET"u8], listserv.Heard.Last());
        Assert.Equal(2, listserv.Heard.Count);
        Assert.Empty(listserv.Faults);

        Assert.DoesNotContain("refused [", await File.ReadAllTextAsync(Path.Combine(installation.Home, "logs", "server.log"), Cancelled), StringComparison.Ordinal);
        Assert.DoesNotContain("a long password", installation.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.3.20")]
    public async Task A_file_that_cannot_be_followed_ends_the_start_with_78()
    {
        var installation = Own(await Installation.SetUp(separate: false));
        var secured = new SecuredInstallation(installation);
        await secured.Secure();
        await secured.WriteIni("wrong");

        var refused = (await installation.Command("run")).Expect(78);
        Assert.Contains("tutti: commands/ssl.ini:3: SSLKeystorePassword: [ssl.keystore-password]", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("listening", refused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Secure Sockets", refused.Output, StringComparison.Ordinal);
    }
}
