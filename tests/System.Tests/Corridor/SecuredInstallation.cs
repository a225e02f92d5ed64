// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Corridor;

/// <summary>Makes an installation secured, as an administrator does it with <c>tutti cert</c> and an authority of openssl's.</summary>
internal sealed class SecuredInstallation(Installation installation)
{
    public const string Name = "one.tutti.test";
    private const string Password = "a long password";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    private string Authority => Directory.CreateDirectory(Path.Combine(installation.Home, "authority")).FullName;

    /// <summary>The four steps, the root, and <c>commands/ssl.ini</c>.</summary>
    public async Task Secure()
    {
        var ini = Path.Combine(installation.Home, "conf", "server.ini");
        await File.WriteAllTextAsync(ini, (await File.ReadAllTextAsync(ini)).Replace("HostName=127.0.0.1", "HostName=" + Name, StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(Authority, "password"), Password + "\n");
        string[] keystore = ["--keystore", Path.Combine(installation.Home, "conf", "keystore.p12"), "--password-file", Path.Combine(Authority, "password")];

        await OpenSsl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=Test CA", "-addext", "basicConstraints=critical,CA:true");
        (await installation.Command(["cert", "secure-trust", "--password-file", Path.Combine(Authority, "password")])).Expect(0);
        (await installation.Command(["cert", "create", "--name", Name, .. keystore])).Expect(0);
        (await installation.Command(["cert", "request", "--out", Path.Combine(Authority, "server.csr"), .. keystore])).Expect(0);
        await OpenSsl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-copy_extensions", "copy", "-days", "20", "-out", "server.pem");
        (await installation.Command("cert", "trust", "add", Path.Combine(Authority, "ca.pem"), "--yes")).Expect(0);
        (await installation.Command(["cert", "install", Path.Combine(Authority, "server.pem"), .. keystore])).Expect(0);
        await WriteIni(Password);
    }

    public Task WriteIni(string password) => Task.Run(() =>
    {
        var file = Path.Combine(installation.Home, "commands", "ssl.ini");
        File.WriteAllText(file, $"SSLAllowedClients={Name}\nSSLKeystorePath={Path.Combine(installation.Home, "conf", "keystore.p12")}\nSSLKeystorePassword={password}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    });

    /// <summary>Starts all parts and waits until every component is ready.</summary>
    public async Task Start(params string[] parts)
    {
        foreach (var part in parts)
        {
            installation.Launch(part);
        }

        await Waiting.Until(
            async () =>
            {
                var status = await installation.Command("status", "--json");
                using var read = JsonDocument.Parse(status.LastLine);
                return read.RootElement.GetProperty("components").EnumerateArray().All(component => component.GetProperty("ready").GetBoolean());
            },
            _patience,
            installation.Explain);
    }

    private async Task OpenSsl(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { WorkingDirectory = Authority, RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, error);
    }
}
