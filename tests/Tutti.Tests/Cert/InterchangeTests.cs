// SPDX-License-Identifier: Apache-2.0
using Tutti.Testing;

namespace Tutti.Commands.Tests.Cert;

/// <summary>
/// The four steps, each with a tool of its own: whoever made a key, another one may ask, import and trust. Nine mixtures hold every pair of
/// tools at every two steps; <c>./test --long</c> tries all eighty-one.
/// </summary>
public sealed class InterchangeTests : IAsyncLifetime
{
    private static readonly string[] _tools = ["tutti", "keytool", "openssl"];

    private CertHome _home = null!;

    public static TheoryData<string, string, string, string> Mixtures()
    {
        var mixtures = new TheoryData<string, string, string, string>();
        var isLong = Environment.GetEnvironmentVariable("TUTTI_LONG") == "1";
        for (var number = 0; number < (isLong ? 81 : 9); number++)
        {
            var (create, request) = (number % 3, number / 3 % 3);
            var (trust, install) = isLong ? (number / 9 % 3, number / 27) : ((create + request) % 3, (create + (2 * request)) % 3);
            mixtures.Add(_tools[create], _tools[request], _tools[trust], _tools[install]);
        }

        return mixtures;
    }

    public async ValueTask InitializeAsync() => _home = await CertHome.Make();

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [Trait("Row", "C-2.2.0.26")]
    [MemberData(nameof(Mixtures))]
    public async Task Each_step_can_be_done_by_each_tool(string create, string request, string trust, string install)
    {
        _home.WriteSslIni();
        await Create(create);
        await Request(request);
        var authority = _home.Root.Intermediate("Our Intermediate");
        var signed = authority.Sign(await File.ReadAllTextAsync(_home.File("trk.csr"), TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(_home.File("signed.pem"), signed.ToPem(), TestContext.Current.CancellationToken);
        await Trust(trust);
        await Install(install);

        var answer = (await _home.Cert("check")).Expect(0).Output;
        Assert.DoesNotContain("wrong", answer, StringComparison.Ordinal);
        var keytool = await Tool.Run("keytool", "-list", "-v", "-keystore", _home.Keystore, "-storepass", CertHome.Password);
        Assert.Contains("PrivateKeyEntry", keytool, StringComparison.Ordinal);
        Assert.Matches("Certificate chain length: [23]", keytool);
        var openssl = await Tool.Run("openssl", "pkcs12", "-in", _home.Keystore, "-passin", $"file:{_home.File("password")}", "-nokeys");
        Assert.Contains("Our Intermediate", openssl, StringComparison.Ordinal);
    }

    private async Task Create(string tool)
    {
        switch (tool)
        {
            case "tutti":
                (await _home.Cert("create", "--alias", "trk")).Expect(0);
                break;
            case "keytool":
                await Keytool("-genkeypair", "-alias", "trk", "-dname", $"CN={CertHome.Name}", "-ext", $"san=dns:{CertHome.Name}", "-keyalg", "EC", "-groupname", "secp256r1");
                break;
            default:
                await Tool.Run(
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", _home.File("key.pem"), "-out", _home.File("own.pem"),
                    "-subj", $"/CN={CertHome.Name}", "-addext", $"subjectAltName=DNS:{CertHome.Name}");
                await Export("own.pem");
                break;
        }
    }

    private async Task Request(string tool)
    {
        switch (tool)
        {
            case "tutti":
                (await _home.Cert("request", "--out", _home.File("trk.csr"))).Expect(0);
                break;
            case "keytool":
                await Keytool("-certreq", "-alias", "trk", "-file", _home.File("trk.csr"), "-ext", $"san=dns:{CertHome.Name}", "-ext", "eku=serverAuth,clientAuth", "-ext", "ku=digitalSignature");
                break;
            default:
                await TakeKey();
                await Tool.Run(
                    "openssl", "req", "-new", "-key", _home.File("key.pem"), "-out", _home.File("trk.csr"), "-subj", $"/CN={CertHome.Name}",
                    "-addext", $"subjectAltName=DNS:{CertHome.Name}", "-addext", "extendedKeyUsage=serverAuth,clientAuth");
                break;
        }
    }

    private async Task Trust(string tool)
    {
        switch (tool)
        {
            case "tutti":
                (await _home.Cert("trust", "add", _home.File("root.pem"))).Expect(0);
                break;
            case "keytool":
                await Tool.Run("keytool", "-importcert", "-noprompt", "-alias", "root", "-file", _home.File("root.pem"), "-keystore", _home.Roots, "-storepass", "changeit");
                break;
            default:
                await Tool.Run("openssl", "pkcs12", "-export", "-nokeys", "-in", _home.File("root.pem"), "-out", _home.Roots, "-passout", "pass:changeit");
                break;
        }
    }

    private async Task Install(string tool)
    {
        switch (tool)
        {
            case "tutti":
                (await _home.Cert("install", _home.File("signed.pem"))).Expect(0);
                break;
            case "keytool":
                await Keytool("-importcert", "-noprompt", "-alias", "root", "-file", _home.File("root.pem"));
                await Keytool("-importcert", "-noprompt", "-alias", "trk", "-file", _home.File("signed.pem"));
                break;
            default:
                await TakeKey();
                await Export("signed.pem");
                break;
        }
    }

    private Task<string> Keytool(params string[] arguments) => Tool.Run("keytool", [.. arguments, "-keystore", _home.Keystore, "-storetype", "PKCS12", "-storepass", CertHome.Password]);

    private Task<string> TakeKey() => Tool.Run("openssl", "pkcs12", "-in", _home.Keystore, "-passin", $"file:{_home.File("password")}", "-nocerts", "-noenc", "-out", _home.File("key.pem"));

    private Task<string> Export(string certificates) => Tool.Run(
        "openssl", "pkcs12", "-export", "-name", "trk", "-inkey", _home.File("key.pem"), "-in", _home.File(certificates), "-out", _home.Keystore, "-passout", $"file:{_home.File("password")}");
}
