// SPDX-License-Identifier: Apache-2.0
using Tutti.Testing;

namespace Tutti.System.Tests.Layouts;

/// <summary>
/// Makes the servers of a layout secured, as an administrator does it by hand with an authority of openssl's: the first server
/// with keytool, the second with openssl, the third with <c>tutti cert</c>, and so on in turn.
/// </summary>
internal sealed class SecuredHosts : IAsyncDisposable
{
    private const string Password = "a long password";
    private readonly string _folder = Directory.CreateTempSubdirectory("tutti-authority-").FullName;

    /// <summary>A word that must be seen nowhere.</summary>
    public static string Secret => Password;

    /// <summary>All servers, each after it was set up and before it runs.</summary>
    public async Task Secure(Layout layout)
    {
        await MakeAuthority();
        var list = string.Join(',', layout.Servers.Select(server => server.Host));
        await Task.WhenAll(layout.Servers.Select((server, number) => Secure(server, number % 3, list)));
    }

    /// <summary>The authority alone.</summary>
    public async Task MakeAuthority()
    {
        await OpenSsl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", File("ca.key"), "-out", File("ca.pem"), "-days", "30", "-subj", "/CN=Throw-away CA A", "-addext", "basicConstraints=critical,CA:true");
        await global::System.IO.File.WriteAllTextAsync(File("password"), Password + "\n");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>One server.</summary>
    /// <param name="server">Set up and not running.</param>
    /// <param name="tool">0 for keytool, 1 for openssl, 2 for <c>tutti cert</c>.</param>
    /// <param name="list">What stands in <c>SSLAllowedClients</c>.</param>
    public async Task Secure(ServerHome server, int tool, string list)
    {
        var keystore = Path.Combine(server.Home, "conf", "keystore.p12");
        await KeyTool("-importcert", "-noprompt", "-alias", "throw-away", "-file", File("ca.pem"), "-keystore", Path.Combine(server.Home, "conf", "trusted-roots.p12"), "-storepass", "changeit");
        await (tool switch
        {
            0 => ByKeyTool(server, keystore),
            1 => ByOpenSsl(server, keystore),
            _ => ByCommand(server, keystore),
        });
        var ini = Path.Combine(server.Home, "commands", "ssl.ini");
        await global::System.IO.File.WriteAllTextAsync(ini, $"SSLAllowedClients={list}\nSSLKeystorePath={keystore}\nSSLKeystorePassword={Password}\n");
        foreach (var file in (string[])[ini, keystore])
        {
            global::System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        server.IsSecured = true;
    }

    private async Task ByKeyTool(ServerHome server, string keystore)
    {
        string[] store = ["-alias", "server", "-keystore", keystore, "-storepass", Password], wanted = ["-ext", $"san=dns:{server.Host}", "-ext", "eku=serverAuth,clientAuth"];
        await KeyTool(["-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", $"CN={server.Host}", "-storetype", "PKCS12", .. store, .. wanted]);
        await KeyTool(["-certreq", "-file", File(server.Host + ".csr"), .. store, .. wanted]);
        await Sign(server.Host);
        await KeyTool("-importcert", "-noprompt", "-alias", "throw-away", "-file", File("ca.pem"), "-keystore", keystore, "-storepass", Password);
        await KeyTool(["-importcert", "-noprompt", "-file", File(server.Host + ".pem"), .. store]);
    }

    private async Task ByOpenSsl(ServerHome server, string keystore)
    {
        await OpenSsl(
            "req", "-newkey", "rsa:2048", "-nodes", "-keyout", File(server.Host + ".key"), "-out", File(server.Host + ".csr"), "-subj", $"/CN={server.Host}",
            "-addext", $"subjectAltName=DNS:{server.Host}", "-addext", "extendedKeyUsage=serverAuth,clientAuth");
        await Sign(server.Host);
        await OpenSsl("pkcs12", "-export", "-in", File(server.Host + ".pem"), "-inkey", File(server.Host + ".key"), "-name", "server", "-out", keystore, "-passout", "pass:" + Password);
    }

    private async Task ByCommand(ServerHome server, string keystore)
    {
        string[] store = ["--keystore", keystore, "--password-file", File("password")];
        (await server.Command("cert", "secure-trust", "--password-file", File("password"))).Expect(0);
        (await server.Command(["cert", "create", "--name", server.Host, .. store])).Expect(0);
        (await server.Command(["cert", "request", "--out", File(server.Host + ".csr"), .. store])).Expect(0);
        await Sign(server.Host);
        (await server.Command(["cert", "install", File(server.Host + ".pem"), .. store])).Expect(0);
    }

    /// <summary>Signs the request of a host: <c>HOST.csr</c> becomes <c>HOST.pem</c>.</summary>
    public Task<string> Sign(string host) => OpenSsl(
        "x509", "-req", "-in", File(host + ".csr"), "-CA", File("ca.pem"), "-CAkey", File("ca.key"), "-copy_extensions", "copy", "-days", "20", "-out", File(host + ".pem"));

    /// <summary>A file of the authority's.</summary>
    public string File(string name) => Path.Combine(_folder, name);

    private static Task<string> KeyTool(params string[] arguments) => Tool.Run("keytool", arguments);

    private static Task<string> OpenSsl(params string[] arguments) => Tool.Run("openssl", arguments);
}
