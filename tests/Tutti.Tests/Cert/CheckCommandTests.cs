// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.Testing;

namespace Tutti.Commands.Tests.Cert;

public sealed class CheckCommandTests : IAsyncLifetime
{
    private CertHome _home = null!;

    public async ValueTask InitializeAsync() => _home = await CertHome.Make();

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Trait("Row", "C-2.2.0.7")]
    public async Task On_the_way_to_a_certificate_each_state_names_the_next_step()
    {
        Assert.Contains("[ssl.keystore-missing]", (await _home.CertWithPassword("check")).Expect(ExitCode.Refused).Output, StringComparison.Ordinal);
        (await _home.CertWithPassword("create")).Expect(0);
        var unsigned = (await _home.CertWithPassword("check")).Expect(ExitCode.Refused).Output;
        Assert.Contains("wrong [ssl.cert-unsigned]", unsigned, StringComparison.Ordinal);
        Assert.Contains($"tutti cert request --home {_home.Path}", unsigned, StringComparison.Ordinal);
        Assert.Contains("wrong [ssl.trust-empty]", unsigned, StringComparison.Ordinal);
        Assert.Contains($"tutti cert trust add FILE --home {_home.Path}", unsigned, StringComparison.Ordinal);
        Assert.Contains("warning [ssl.trust-shipped-password]", unsigned, StringComparison.Ordinal);

        var signed = _home.Root.Sign((await _home.CertWithPassword("request")).Output);
        (await _home.Cert("trust", "add", _home.File("root.pem"))).Expect(0);
        (await _home.CertWithPassword("install", _home.Write("trk.pem", signed.ToPem()))).Expect(0);
        (await _home.Cert("secure-trust", "--password-file", _home.Write("new", "a long new password"))).Expect(0);
        _home.WriteSslIni();

        var good = (await _home.Cert("check")).Expect(0).Output;
        Assert.DoesNotContain("wrong", good, StringComparison.Ordinal);
        Assert.DoesNotContain("[ssl.", good, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.2.0.17")]
    [Trait("Row", "C-2.2.0.14")]
    public async Task Names_stand_side_by_side()
    {
        await _home.Secured();
        _home.WriteSslIni("ui.tutti.test,TRK.tutti.test");

        var report = JsonDocument.Parse((await _home.Cert("check", "--json")).Expect(0).Output).RootElement;

        Assert.Equal(System.Net.Dns.GetHostName(), report.GetProperty("systemName").GetString());
        Assert.Equal(CertHome.Name, report.GetProperty("hostName").GetString());
        Assert.Equal([CertHome.Name], report.GetProperty("certificateNames").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(["ui.tutti.test", "trk.tutti.test"], report.GetProperty("list").EnumerateArray().Select(name => name.GetString()));
        Assert.Contains(report.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("message").GetString()!.Contains("leads nowhere", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Row", "C-2.2.0.10")]
    [Trait("Row", "C-2.2.0.12")]
    public async Task A_renamed_server_needs_another_certificate()
    {
        await _home.Secured();
        _home.WriteSslIni();
        await File.WriteAllTextAsync(_home.ServerIni, (await File.ReadAllTextAsync(_home.ServerIni, TestContext.Current.CancellationToken)).Replace("HostName=trk", "HostName=tracker", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var answer = (await _home.Cert("check")).Expect(ExitCode.Refused).Output;

        Assert.Contains("wrong [ssl.cert-name]", answer, StringComparison.Ordinal);
        Assert.Contains("no certificate for tracker.tutti.test, only for trk.tutti.test", answer, StringComparison.Ordinal);
        Assert.Contains("tutti cert create", answer, StringComparison.Ordinal);
        Assert.Contains("wrong [ssl.own-name-missing]", answer, StringComparison.Ordinal);
        Assert.Contains("Names in certificate trk.tutti.test", answer, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.2.0.14")]
    public async Task A_name_that_leads_to_this_host_is_shown_with_its_address_and_nothing_is_said_of_it()
    {
        await _home.Secured();
        _home.WriteSslIni("localhost");
        await File.WriteAllTextAsync(_home.ServerIni, (await File.ReadAllTextAsync(_home.ServerIni, TestContext.Current.CancellationToken)).Replace("HostName=trk.tutti.test", "HostName=localhost", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var answer = (await _home.Cert("check")).Expect(ExitCode.Refused).Output;

        Assert.Contains("127.0.0.1", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("leads nowhere", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("no address of this host", answer, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "B-5")]
    public async Task A_certificate_near_its_end_is_a_warning()
    {
        (await _home.CertWithPassword("create")).Expect(0);
        (await _home.Cert("trust", "add", _home.File("root.pem"))).Expect(0);
        var soon = _home.Root.Sign((await _home.CertWithPassword("request")).Output, from: TestCertificate.Usual.AddDays(-200), until: TestCertificate.Usual.AddDays(29));
        (await _home.CertWithPassword("install", _home.Write("trk.pem", soon.ToPem()))).Expect(0);
        _home.WriteSslIni();

        Assert.Contains("warning [ssl.expires-soon]", (await _home.Cert("check")).Expect(0).Output, StringComparison.Ordinal);
    }
}
