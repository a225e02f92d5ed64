// SPDX-License-Identifier: Apache-2.0
using Tutti.Testing;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;
using Tutti.Wiring.Corridor.Ini;

namespace Tutti.Wiring.Tests.Corridor;

public sealed class TrustedRootsPasswordTests : IDisposable
{
    private const string New = "a long new password";

    private static readonly TestAuthority _root = new();

    private readonly TemporaryFolder _folder = new();
    private readonly HomeFolder _home;

    public TrustedRootsPasswordTests()
    {
        _home = new HomeFolder(_folder.Path);
        Directory.CreateDirectory(_folder.File("conf"));
        File.WriteAllText(_home.ServerIni, "Components=trk\nHostName=trk.tutti.test\n");
        File.WriteAllBytes(_folder.File("conf/trusted-roots.p12"), IssuedCertificate.TrustedRoots(TrustedRoots.ShippedPassword, _root.Certificate));
        File.WriteAllBytes(_folder.File("trk.p12"), _root.Issue(new TestCertificate("trk.tutti.test")).ToKeystore("secret"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Row", "C-2.2.1.1")]
    [Trait("Row", "C-2.2.1.2")]
    public void A_running_server_follows_a_change_of_the_password_and_warns_no_more()
    {
        var ini = new SslIni(["trk.tutti.test"], _folder.File("trk.p12"), new Secret("secret"), 2, 3, "");
        var reader = Reader();
        var before = reader.Fingerprint(ini);
        Assert.NotNull(reader.Read(ini).Identity);
        Assert.Contains(reader.Read(ini).Warnings, warning => warning.Code == "ssl.trust-shipped-password");

        File.WriteAllBytes(_folder.File("conf/trusted-roots.p12"), IssuedCertificate.TrustedRoots(New, _root.Certificate));
        Assert.Equal("ssl.trust-password", reader.Read(ini).Refusals.Single().Code);
        File.AppendAllText(_home.ServerIni, $"TrustedRootsPassword={New}\n");

        Assert.NotEqual(before, reader.Fingerprint(ini));
        Assert.NotNull(reader.Read(ini).Identity);
        Assert.DoesNotContain(reader.Read(ini).Warnings, warning => warning.Code == "ssl.trust-shipped-password");
    }

    [Fact]
    [Trait("Row", "C-2.2.1.2")]
    public void A_plain_server_warns_of_the_shipped_password_too()
    {
        Assert.Contains(Look().Warnings, warning => warning.Code == "ssl.trust-shipped-password");
        Assert.False(Look().IsThere);

        File.AppendAllText(_home.ServerIni, $"TrustedRootsPassword={New}\n");
        Assert.Empty(Look().Warnings);
    }

    private IdentityReader Reader() => new(_home, ServerConfiguration.Read(_home, new Dictionary<string, string>()), new Dictionary<string, string>(), TimeProvider.System);

    private CorridorFiles Look() => CorridorFiles.Look(_home, ServerConfiguration.Read(_home, new Dictionary<string, string>()), new Dictionary<string, string>(), TimeProvider.System);
}
