// SPDX-License-Identifier: Apache-2.0
using Tutti.Testing;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Tests.Cert;

/// <summary>A fresh server with the name <c>trk.tutti.test</c> and the files that its administrator works with.</summary>
internal sealed class CertHome : IDisposable
{
    public const string Name = "trk.tutti.test";
    public const string Password = "horse battery";

    private readonly TemporaryFolder _folder = new();

    public TestAuthority Root { get; } = new("Our Root");

    public string Path => _folder.File("home");

    public string Keystore => System.IO.Path.Combine(Path, "conf", "keystore.p12");

    public string Roots => System.IO.Path.Combine(Path, "conf", "trusted-roots.p12");

    public string ServerIni => System.IO.Path.Combine(Path, "conf", "server.ini");

    public static async Task<CertHome> Make()
    {
        var home = new CertHome();
        (await Terminal.Run("setup", "--home", home.Path, "--components", "trk", "--host", Name)).Expect(0);
        await System.IO.File.WriteAllTextAsync(home.File("password"), Password + "\n");
        await System.IO.File.WriteAllTextAsync(home.File("root.pem"), home.Root.Certificate.ExportCertificatePem());
        return home;
    }

    public string File(string name) => _folder.File(name);

    public string Write(string name, string content)
    {
        System.IO.File.WriteAllText(File(name), content);
        return File(name);
    }

    /// <summary>Runs <c>tutti cert …</c> with this home.</summary>
    public Task<Terminal> Cert(params string[] arguments) => Terminal.Run(["cert", .. arguments, "--home", Path]);

    /// <summary>The same for the commands that open the keystore.</summary>
    public Task<Terminal> CertWithPassword(params string[] arguments) => Cert([.. arguments, "--password-file", File("password")]);

    public ServerSettings Settings() => ServerConfiguration.Read(new HomeFolder(Path), new Dictionary<string, string>()).Common;

    public TrustedRoots ReadRoots() => TrustedRoots.Read(new HomeFolder(Path), Settings()).Value;

    public Keystore ReadKeystore() => Wiring.Certificates.Keystore.Read(Keystore, Password).Value;

    /// <summary>All steps up to a keystore with a good certificate.</summary>
    public async Task<CertHome> Secured()
    {
        (await CertWithPassword("create")).Expect(0);
        (await CertWithPassword("request", "--alias", Name, "--out", File("trk.csr"))).Expect(0);
        var signed = Root.Intermediate("Our Intermediate").Sign(await System.IO.File.ReadAllTextAsync(File("trk.csr")));
        (await Cert("trust", "add", File("root.pem"))).Expect(0);
        (await CertWithPassword("install", Write("trk.pem", signed.ToPem()))).Expect(0);
        return this;
    }

    /// <summary>Writes <c>commands/ssl.ini</c>.</summary>
    public void WriteSslIni(string list = Name, string? keystore = null, string password = Password)
    {
        var file = System.IO.Path.Combine(Path, "commands", "ssl.ini");
        System.IO.File.WriteAllText(file, $"SSLAllowedClients={list}\nSSLKeystorePath={keystore ?? Keystore}\nSSLKeystorePassword={password}\n");
        System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Dispose() => _folder.Dispose();
}
