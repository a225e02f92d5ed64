// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Tutti.Testing;

namespace Tutti.Commands.Tests.Cert;

/// <summary>What only a process of its own can show: another user, another OpenSSL, a terminal.</summary>
public sealed class CertProcessTests : IAsyncLifetime
{
    private static readonly string _program = typeof(CommandLine).Assembly.Location;

    private CertHome _home = null!;

    public async ValueTask InitializeAsync() => _home = await CertHome.Make();

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [Trait("Row", "B-23")]
    [InlineData("-legacy")]
    [InlineData("-certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-RC2-40 -legacy")]
    [InlineData("-certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1")]
    [InlineData("-nomac -legacy")]
    [InlineData("")]
    public async Task Old_ciphers_are_read_also_where_OpenSSL_has_put_them_away(string options)
    {
        await Export(options);

        var shown = await Show("env", "OPENSSL_MODULES=/nonexistent");
        var usual = await Show();

        Assert.Equal(usual.Output, shown.Output);
        Assert.Equal(0, shown.Code);
        Assert.Contains("Subject      CN=trk.tutti.test", shown.Output, StringComparison.Ordinal);
        Assert.Contains("old entry", shown.Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_home.File("password"), "wrong one", TestContext.Current.CancellationToken);
        Assert.Contains("[ssl.keystore-password]", (await Show("env", "OPENSSL_MODULES=/nonexistent")).Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.3.16")]
    [Trait("Row", "C-2.2.0.22")]
    public async Task A_keystore_that_this_user_may_not_read_names_user_and_file()
    {
        (await _home.CertWithPassword("create")).Expect(0);
        string[] asOther = [];
        if (Environment.IsPrivilegedProcess)
        {
            // Root reads everything; so the home is given away, and the keystore in it is not.
            await Tool.Run("chown", "-R", "nobody", Path.GetDirectoryName(_home.Path)!);
            await Tool.Run("chown", Environment.UserName, _home.Keystore);
            asOther = ["setpriv", "--reuid=nobody", "--clear-groups"];
        }
        else
        {
            File.SetUnixFileMode(_home.Keystore, UnixFileMode.None);
        }

        var shown = await Show(asOther);

        Assert.Contains($"[ssl.keystore-unreadable] The user {(Environment.IsPrivilegedProcess ? "nobody" : Environment.UserName)} may not read {_home.Keystore}", shown.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Refused, shown.Code);
    }

    [Fact]
    [Trait("Row", "C-2.3.20")]
    [Trait("Row", "C-2.2.1.1")]
    public async Task A_person_at_a_terminal_types_the_new_password_twice_and_does_not_see_it()
    {
        var command = $"dotnet {_program} cert secure-trust --home {_home.Path}";

        var differ = await AtTerminal(command, "a long new password\r", "a long old password\r");
        var same = await AtTerminal(command, "a long new password\r", "a long new password\r");

        Assert.Contains("The two passwords differ", differ, StringComparison.Ordinal);
        Assert.Contains("has its new password", same, StringComparison.Ordinal);
        Assert.DoesNotContain("a long new password", same, StringComparison.Ordinal);
        Assert.Equal("a long new password", _home.Settings().TrustedRootsPassword.Reveal());
    }

    [Fact]
    [Trait("Row", "C-2.2.1.4")]
    public async Task A_person_at_a_terminal_is_asked_before_a_root_is_trusted()
    {
        var command = $"dotnet {_program} cert trust add {_home.File("root.pem")} --home {_home.Path}";

        Assert.Contains("Nothing was changed", await AtTerminal(command, "n\r"), StringComparison.Ordinal);
        Assert.Empty(_home.ReadRoots().Entries);
        Assert.Contains("Trusted as 'our-root'", await AtTerminal(command, "y\r"), StringComparison.Ordinal);
        Assert.Contains("is trusted already", await AtTerminal(command + " --yes"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.2.4.1")]
    public async Task Killed_at_any_moment_of_install_the_keystore_opens()
    {
        (await _home.CertWithPassword("create")).Expect(0);
        (await _home.Cert("trust", "add", _home.File("root.pem"))).Expect(0);
        var signed = _home.Root.Sign((await _home.CertWithPassword("request")).Output);
        _home.Write("trk.pem", signed.ToPem());
        var folder = Path.GetDirectoryName(_home.Keystore)!;
        var original = await File.ReadAllBytesAsync(_home.Keystore, TestContext.Current.CancellationToken);
        Func<bool>[] moments =
        [
            () => Directory.EnumerateFiles(folder, "keystore.p12.*.new").Any(),
            () => Directory.EnumerateFiles(folder, "keystore.p12.*Z").Any(),
            () => !File.ReadAllBytes(_home.Keystore).AsSpan().SequenceEqual(original),
        ];
        foreach (var moment in moments)
        {
            Array.ForEach(Directory.GetFiles(folder, "keystore.p12.*"), File.Delete);
            await File.WriteAllBytesAsync(_home.Keystore, original, TestContext.Current.CancellationToken);
            string[] arguments = [_program, "cert", "install", _home.File("trk.pem"), "--home", _home.Path, "--password-file", _home.File("password")];
            using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            SpinWait.SpinUntil(() => moment() || process.HasExited, TimeSpan.FromSeconds(60));
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.Single(_home.ReadKeystore().Keys);
            (await _home.CertWithPassword("install", _home.File("trk.pem"))).Expect(0);
        }
    }

    private async Task Export(string options)
    {
        var issued = _home.Root.Issue(new TestCertificate(CertHome.Name));
        using var key = issued.Certificate.GetECDsaPrivateKey()!;
        _home.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        _home.Write("chain.pem", issued.ToPem());
        await Tool.Run(
            "openssl",
            ["pkcs12", "-export", "-inkey", _home.File("key.pem"), "-in", _home.File("chain.pem"), "-name", "old entry", "-out", _home.Keystore, "-passout", $"file:{_home.File("password")}", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
    }

    private Task<Tool> Show(params string[] before)
    {
        string[] command = [.. before, "dotnet", _program, "cert", "show", "--home", _home.Path, "--password-file", _home.File("password")];
        return Tool.Try(command[0], command[1..]);
    }

    // script(1) gives the program a terminal; each line is typed after what is asked has been written.
    private static async Task<string> AtTerminal(string command, params string[] lines)
    {
        var start = new ProcessStartInfo("script", ["-qec", command, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["TERM"] = "dumb";
        using var process = Process.Start(start)!;
        var output = new System.Text.StringBuilder();
        foreach (var line in lines)
        {
            var before = output.Length;
            var buffer = new char[1];
            while (await process.StandardOutput.ReadAsync(buffer) == 1)
            {
                output.Append(buffer[0]);
                if (output.ToString(before, output.Length - before) is var asked && (asked.EndsWith(": ", StringComparison.Ordinal) || asked.EndsWith("[y/N] ", StringComparison.Ordinal)))
                {
                    break;
                }
            }

            await process.StandardInput.WriteAsync(line);
            await process.StandardInput.FlushAsync();
        }

        output.Append(await process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        return output.ToString();
    }
}
