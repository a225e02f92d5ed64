// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Tutti.Testing;

namespace Tutti.Commands.Tests.SenderDomains;

/// <summary><c>tutti dkim …</c> and <c>tutti domain check</c> as commands, on a home whose DNS server knows nothing.</summary>
public sealed class DkimCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly UdpClient _dns = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _end = new();
    private Task _answering = Task.CompletedTask;

    private string Keys => _folder.File("dst/data/dkim/society.example");

    public async ValueTask InitializeAsync()
    {
        _answering = Fail();
        (await Terminal.Run(
            "setup", "--home", _folder.Path, "--components", "dst", "--host", "dst.example", "--set", "dst.Mode=mx", "--set", $"dst.Resolver={_dns.Client.LocalEndPoint}")).Expect(ExitCode.Done);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _dns.Dispose();
        _end.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_key_is_made_waits_signs_is_retired_and_goes()
    {
        Assert.StartsWith("tutti1._domainkey.society.example. IN TXT ( \"v=DKIM1; k=rsa; p=", (await Run("create", "--domain", "society.example")).Expect(ExitCode.Done).Output, StringComparison.Ordinal);
        var second = (await Run("create", "--domain", "society.example")).Expect(ExitCode.Done);
        Assert.Contains("tutti dkim use --domain society.example --selector tutti2", second.Error, StringComparison.Ordinal);
        Assert.Equal([("tutti1", "signs"), ("tutti2", "waits")], await List());

        var unseen = (await Run("use", "--domain", "society.example", "--selector", "tutti2")).Expect(ExitCode.Refused);
        Assert.Contains("add --force", unseen.Error, StringComparison.Ordinal);
        Assert.Equal([("tutti1", "signs"), ("tutti2", "waits")], await List());

        var used = (await Run("use", "--domain", "Society.example", "--selector", "tutti2", "--force")).Expect(ExitCode.Done);
        Assert.Contains("tutti2 signs the mail of society.example.", used.Output, StringComparison.Ordinal);
        Assert.Contains("tutti1 signs no more.", used.Output, StringComparison.Ordinal);
        Assert.Equal([("tutti1", "retired"), ("tutti2", "signs")], await List());

        (await Run("remove", "--domain", "society.example", "--selector", "tutti2", "--yes")).Expect(ExitCode.Refused);
        (await Run("remove", "--domain", "society.example", "--selector", "tutti1", "--yes")).Expect(ExitCode.Done);
        Assert.Equal([("tutti2", "signs")], await List());
        (await Run("use", "--domain", "society.example", "--selector", "gone", "--force")).Expect(ExitCode.Refused);
    }

    [Fact]
    public async Task Checks_print_what_was_found_out_one_a_line_and_as_json()
    {
        await Run("create", "--domain", "society.example");

        var check = await Run("check", "--domain", "society.example");
        Assert.Matches("(?m)^DKIM +(unknown|error|warning) +", check.Output);
        var domain = await Terminal.Run("domain", "check", "society.example", "--home", _folder.Path, "--json");
        using var findings = JsonDocument.Parse(domain.Output);
        Assert.Contains("SPF", findings.RootElement.EnumerateArray().Select(finding => finding.GetProperty("subject").GetString()));
        Assert.DoesNotContain("good", findings.RootElement.EnumerateArray().Where(finding => finding.GetProperty("subject").GetString() == "SPF").Select(finding => finding.GetProperty("level").GetString()));
    }

    [Fact]
    public async Task A_home_without_a_distributor_has_no_keys()
    {
        using var other = new TemporaryFolder();
        (await Terminal.Run("setup", "--home", other.Path, "--components", "trk", "--host", "trk.example")).Expect(ExitCode.Done);
        Assert.Contains("carries no distributor", (await Terminal.Run("dkim", "list", "--home", other.Path)).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
        Assert.Contains("carries no distributor", (await Terminal.Run("domain", "check", "a.example", "--home", other.Path)).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
    }

    /// <summary>A real SIGKILL at the moment of a renaming, by strace: before the first one, and between the first and the second.</summary>
    [Theory]
    [InlineData(1, "tutti1", "waits")]
    [InlineData(2, "tutti2", "signs")]
    public async Task Killed_between_its_renamings_use_leaves_a_domain_that_signs_and_can_be_run_again(int renaming, string newest, string state)
    {
        await Run("create", "--domain", "society.example");
        await Run("create", "--domain", "society.example");

        var code = await Killed(renaming);

        Assert.NotEqual(0, code);
        var keys = await List();
        Assert.Contains(("tutti1", "signs"), keys);
        Assert.Contains(("tutti2", state), keys);
        Assert.Equal(newest, Directory.GetFiles(Keys, "*.pem").MaxBy(File.GetLastWriteTimeUtc) is { } file ? Path.GetFileNameWithoutExtension(file) : "");
        (await Run("use", "--domain", "society.example", "--selector", "tutti2", "--force")).Expect(ExitCode.Done);
        Assert.Equal([("tutti1", "retired"), ("tutti2", "signs")], await List());
    }

    /// <summary>A DNS server that answers SERVFAIL to everything.</summary>
    private async Task Fail()
    {
        while (true)
        {
            var question = await _dns.ReceiveAsync(_end.Token);
            var answer = question.Buffer;
            (answer[2], answer[3]) = ((byte)(answer[2] | 0x80), 0x82);
            await _dns.SendAsync(answer, question.RemoteEndPoint, _end.Token);
        }
    }

    private async Task<int> Killed(int renaming)
    {
        var program = typeof(CommandLine).Assembly.Location;
        using var traced = Process.Start(new ProcessStartInfo(
            "strace",
            [
                "-f", "-qq", "-o", _folder.File("trace"), "-e", "trace=rename,renameat,renameat2,link", "-e",
                $"inject=rename,renameat,renameat2,link:signal=KILL:when={renaming}",
                "dotnet", program, "dkim", "use", "--home", _folder.Path, "--domain", "society.example", "--selector", "tutti2", "--force",
            ])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await traced.WaitForExitAsync(TestContext.Current.CancellationToken);
        return traced.ExitCode;
    }

    private static Task<Terminal> Run(string verb, string home, string[] options) => Terminal.Run(["dkim", verb, "--home", home, .. options]);

    private Task<Terminal> Run(string verb, params string[] options) => Run(verb, _folder.Path, options);

    private async Task<List<(string Selector, string State)>> List()
    {
        using var keys = JsonDocument.Parse((await Run("list", "--json")).Expect(ExitCode.Done).Output);
        return [.. keys.RootElement.EnumerateArray().Select(key => (key.GetProperty("selector").GetString()!, key.GetProperty("state").GetString()!)).Order()];
    }
}
