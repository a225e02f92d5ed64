// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Tutti.Testing;
using Tutti.Wiring.Certificates;

namespace Tutti.Commands.Tests.Cert;

public sealed class SecureTrustCommandTests : IAsyncLifetime
{
    private const string New = "a long new password";

    private CertHome _home = null!;

    public async ValueTask InitializeAsync() => _home = await CertHome.Make();

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Trait("Row", "C-2.2.1.3")]
    public async Task Every_setup_ships_an_empty_keystore_with_the_well_known_password() =>
        Assert.Contains("contains 0 entries", await Tool.Run("keytool", "-list", "-keystore", _home.Roots, "-storepass", "changeit"), StringComparison.Ordinal);

    [Fact]
    [Trait("Row", "C-2.2.1.1")]
    [Trait("Row", "C-2.2.1.2")]
    public async Task Afterwards_only_the_new_password_opens_it_and_server_ini_knows_it()
    {
        (await _home.Cert("trust", "add", _home.File("root.pem"))).Expect(0);

        var answer = (await Secure(New)).Expect(0);

        Assert.NotEqual(0, (await Tool.Try("keytool", "-list", "-keystore", _home.Roots, "-storepass", "changeit")).Code);
        Assert.Contains("our-root", await Tool.Run("keytool", "-list", "-keystore", _home.Roots, "-storepass", New), StringComparison.Ordinal);
        Assert.Equal((New, "conf/trusted-roots.p12"), (_home.Settings().TrustedRootsPassword.Reveal(), _home.Settings().TrustedRootsPath));
        Assert.Equal(["our-root"], _home.ReadRoots().Entries.Select(entry => entry.Alias));
        Assert.All(new[] { _home.ServerIni, _home.Roots }, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.DoesNotContain(New, answer.Output + answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.GetDirectoryName(_home.Roots)!), file => file.EndsWith(".secured", StringComparison.Ordinal) || file.EndsWith(".new", StringComparison.Ordinal));

        var before = await File.ReadAllBytesAsync(_home.Roots, TestContext.Current.CancellationToken);
        var again = (await Secure("yet another password")).Expect(0);
        Assert.Contains($"already secured since {TimeProvider.System.GetUtcNow():yyyy-MM-dd}", again.Output, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_home.Roots, TestContext.Current.CancellationToken));
    }

    [Theory]
    [Trait("Row", "C-2.2.1.1")]
    [InlineData("changeit", "everybody knows")]
    [InlineData("", "at least 12")]
    [InlineData("too short 1", "at least 12")]
    public async Task A_password_that_protects_nothing_changes_nothing(string password, string words)
    {
        var before = await File.ReadAllTextAsync(_home.ServerIni, TestContext.Current.CancellationToken);

        var answer = (await Secure(password)).Expect(ExitCode.Refused);

        Assert.Contains(words, answer.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(_home.ServerIni, TestContext.Current.CancellationToken));
        Assert.Empty(_home.ReadRoots().Entries);
    }

    [Fact]
    [Trait("Row", "C-2.2.1.3")]
    public async Task A_keystore_that_is_missing_or_has_another_password_is_said()
    {
        await File.AppendAllTextAsync(_home.ServerIni, "TrustedRootsPassword=not the right one\n", TestContext.Current.CancellationToken);
        Assert.Contains("[ssl.trust-password]", (await _home.Cert("trust", "list")).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
        Assert.Contains("[ssl.trust-password]", (await Secure(New)).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
        File.Delete(_home.Roots);
        Assert.Contains("[ssl.trust-missing]", (await Secure(New)).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.2.1.1")]
    public async Task Killed_at_any_moment_the_server_has_a_keystore_that_its_password_opens_and_a_second_run_finishes()
    {
        (await _home.Cert("trust", "add", _home.File("root.pem"))).Expect(0);
        _home.Write("new", New);
        var folder = Path.GetDirectoryName(_home.Roots)!;
        var untouched = Directory.EnumerateFiles(folder).ToDictionary(file => file, File.ReadAllBytes);

        // What the folder looks like when the signal is sent: nothing yet, the new keystore, the new server.ini, the old keystore put aside, the end.
        Func<bool>[] moments =
        [
            () => true,
            () => File.Exists(_home.Roots + ".secured"),
            () => File.ReadAllText(_home.ServerIni).Contains(New, StringComparison.Ordinal),
            () => Directory.EnumerateFiles(folder, "trusted-roots.p12.*Z").Count() > untouched.Keys.Count(file => file.EndsWith('Z')),
            () => !File.ReadAllBytes(_home.Roots).AsSpan().SequenceEqual(untouched[_home.Roots]),
        ];
        foreach (var moment in moments)
        {
            Array.ForEach(Directory.GetFiles(folder), File.Delete);
            foreach (var (file, content) in untouched)
            {
                await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
            }

            string[] arguments = [typeof(CommandLine).Assembly.Location, "cert", "secure-trust", "--home", _home.Path, "--password-file", _home.File("new")];
            using (var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!)
            {
                SpinWait.SpinUntil(() => moment() || process.HasExited, TimeSpan.FromSeconds(60));
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            Assert.Equal(["our-root"], _home.ReadRoots().Entries.Select(entry => entry.Alias));
            (await Secure(New)).Expect(0);
            Assert.Equal(New, _home.Settings().TrustedRootsPassword.Reveal());
            Assert.Equal(["our-root"], _home.ReadRoots().Entries.Select(entry => entry.Alias));
            Assert.False(Keystore.Read(_home.Roots, New).IsRefused);
        }
    }

    private Task<Terminal> Secure(string password) => _home.Cert("secure-trust", "--password-file", _home.Write("new", password));
}
