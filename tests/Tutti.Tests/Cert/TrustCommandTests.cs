// SPDX-License-Identifier: Apache-2.0
using Tutti.Testing;
using Tutti.Wiring.Certificates.Issuing;

namespace Tutti.Commands.Tests.Cert;

public sealed class TrustCommandTests : IAsyncLifetime
{
    private CertHome _home = null!;

    public async ValueTask InitializeAsync() => _home = await CertHome.Make();

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Trait("Row", "C-2.2.1.4")]
    [Trait("Row", "C-2.2.0.20")]
    public async Task Several_roots_of_one_file_are_trusted_and_keytool_shows_them_as_such()
    {
        var b = new TestAuthority("B");
        var both = _home.Write("both.pem", _home.Root.Certificate.ExportCertificatePem() + "\n" + b.Certificate.ExportCertificatePem());

        var answer = (await _home.Cert("trust", "add", both)).Expect(0);

        Assert.Contains(NewRoot.Fingerprint(b.Certificate), answer.Output, StringComparison.Ordinal);
        var keytool = await Tool.Run("keytool", "-list", "-keystore", _home.Roots, "-storepass", "changeit");
        Assert.Contains("our-root", keytool, StringComparison.Ordinal);
        Assert.Contains("contains 2 entries", keytool, StringComparison.Ordinal);
        Assert.Equal(2, keytool.Split("trustedCertEntry").Length - 1);
        Assert.Contains("trusted already", (await _home.Cert("trust", "add", both)).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(2, _home.ReadRoots().Entries.Count);
    }

    [Fact]
    [Trait("Row", "C-2.2.1.4")]
    public async Task What_keytool_imports_is_listed_and_removed_by_name_or_fingerprint()
    {
        var der = _home.File("b.cer");
        var b = new TestAuthority("B");
        await File.WriteAllBytesAsync(der, b.Certificate.RawData, TestContext.Current.CancellationToken);
        await Tool.Run("keytool", "-importcert", "-noprompt", "-alias", "from keytool", "-file", der, "-keystore", _home.Roots, "-storepass", "changeit");
        (await _home.Cert("trust", "add", _home.File("root.pem"))).Expect(0);

        var list = (await _home.Cert("trust", "list")).Expect(0).Output;
        Assert.Contains("from keytool", list, StringComparison.Ordinal);
        Assert.Contains("our-root", list, StringComparison.Ordinal);

        (await _home.Cert("trust", "remove", NewRoot.Fingerprint(b.Certificate)[..30].ToLowerInvariant())).Expect(0);
        Assert.Contains("It has 'our-root'.", (await _home.Cert("trust", "remove", "nobody")).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
        (await _home.Cert("trust", "remove", "OUR-ROOT")).Expect(0);
        Assert.Empty(_home.ReadRoots().Entries);
        Assert.Contains("is empty", (await _home.Cert("trust", "list")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.2.1.4")]
    public async Task One_bad_certificate_and_nothing_is_trusted()
    {
        var below = _home.Root.Intermediate("Below");
        var file = _home.Write("mixed.pem", _home.Root.Certificate.ExportCertificatePem() + "\n" + below.Certificate.ExportCertificatePem());

        var answer = (await _home.Cert("trust", "add", file)).Expect(ExitCode.Refused);

        Assert.Contains("[trust.not-a-root]", answer.Error, StringComparison.Ordinal);
        Assert.Contains("It belongs into the keystore of the server", answer.Error, StringComparison.Ordinal);
        Assert.Empty(_home.ReadRoots().Entries);
    }

    [Fact]
    [Trait("Row", "C-2.2.1.3")]
    public async Task A_missing_keystore_is_begun_anew()
    {
        File.Delete(_home.Roots);

        (await _home.Cert("trust", "add", _home.File("root.pem"))).Expect(0);

        Assert.Single(_home.ReadRoots().Entries);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_home.Roots));
    }
}
