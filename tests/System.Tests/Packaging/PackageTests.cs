// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Packaging;

/// <summary>The Debian package as an administrator meets it: built, installed, set up and started by hand as its own user, removed, and its data left alone.</summary>
public sealed class PackageTests : SystemTest
{
    private const string Unit = "/usr/lib/systemd/system";

    [Fact]
    public async Task The_package_is_built_installed_used_and_removed()
    {
        Assert.False(File.Exists("/usr/bin/tutti"), "A Tutti package is installed on this machine already; this test would replace it.");
        var folder = Directory.CreateTempSubdirectory("tutti-deb").FullName;
        var package = (await Sh($"'{Executable.Checkout}/eng/packaging/build-deb' {folder}")).Trim().Split('\n')[^1];
        var home = "/var/lib/tutti/" + Path.GetRandomFileName();
        try
        {
            await Sh($"chmod 755 {folder}; DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends {package}");

            // The units, with the program where they expect it.
            Assert.Empty((await Sh($"systemd-analyze verify --recursive-errors=no {Unit}/tutti.service {Unit}/tutti@trk.service 2>&1")).Trim());
            Assert.Contains("Conflicts=tutti.service", await File.ReadAllTextAsync($"{Unit}/tutti@.service", Cancelled), StringComparison.Ordinal);

            // As its own user, from a shell that knows nothing of an SDK.
            var port = Ports.Block(12);
            await AsTutti($"tutti setup --home {home} --components lui,hub,trk,dst --host localhost --bind 127.0.0.1 --web-port {port} --tracker-web-port {port + 1} --internal-port {port + 2} --tracker-port {port + 6} --smtp-port {port + 7}");
            using var server = Process.Start(new ProcessStartInfo("runuser", ["-u", "tutti", "--", "env", "-i", "PATH=/usr/bin:/bin", "tutti", "run", "--home", home]) { RedirectStandardOutput = true })!;
            server.OutputDataReceived += (_, _) => { };
            server.BeginOutputReadLine();
            using var http = new HttpClient();
            await Waiting.Until(() => Answers(http, new Uri($"http://127.0.0.1:{port}/ready")), TimeSpan.FromMinutes(1), () => "The installed server does not become ready.");
            Assert.Contains("running", await AsTutti($"tutti status --home {home}"), StringComparison.Ordinal);
            await Sh($"kill -TERM $(pgrep -u tutti -f 'run --home {home}' | head -n 1)");
            await server.WaitForExitAsync(Cancelled);
            Assert.Equal(0, server.ExitCode);

            await Sh("dpkg -r tutti");
            Assert.False(File.Exists("/usr/bin/tutti"));
            Assert.True(File.Exists($"{home}/conf/server.ini"));
        }
        finally
        {
            await Sh($"dpkg -P tutti >/dev/null 2>&1; rm -rf {home}; dpkg -P tutti >/dev/null 2>&1; rmdir /var/lib/tutti 2>/dev/null; userdel tutti 2>/dev/null; rm -rf {folder}; true");
        }
    }

    private static Task<string> AsTutti(string command) => Sh($"runuser -u tutti -- env -i PATH=/usr/bin:/bin {command}");

    private static async Task<bool> Answers(HttpClient http, Uri address)
    {
        try
        {
            using var answer = await http.GetAsync(address, Cancelled);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<string> Sh(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancelled), process.StandardError.ReadToEndAsync(Cancelled));
        await process.WaitForExitAsync(Cancelled);
        Assert.True(process.ExitCode == 0, $"{command}\nended with {process.ExitCode}\n{await output}\n{await error}");
        return await output;
    }
}
