// SPDX-License-Identifier: Apache-2.0
using Tutti.Testing;
using Tutti.Wiring.Certificates;

namespace Tutti.Commands.Tests.Cert;

/// <summary>create, request, install: the three steps to a signed certificate.</summary>
public sealed class CertStepsTests : IAsyncLifetime
{
    private CertHome _home = null!;

    public async ValueTask InitializeAsync() => _home = await CertHome.Make();

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Trait("Row", "C-2.2.2.1")]
    [Trait("Row", "C-2.2.0.23")]
    public async Task Create_makes_a_private_key_with_an_unsigned_certificate_for_the_server()
    {
        (await _home.CertWithPassword("create", "--name", "TRK.tutti.test", "--san", "trk-dmz.tutti.test", "--alias", "trk", "--key", "rsa2048")).Expect(0);

        var list = await Tool.Run("keytool", "-list", "-v", "-keystore", _home.Keystore, "-storepass", CertHome.Password);
        Assert.Contains("Alias name: trk\n", list, StringComparison.Ordinal);
        Assert.Contains("PrivateKeyEntry", list, StringComparison.Ordinal);
        Assert.Contains("DNSName: trk.tutti.test", list, StringComparison.Ordinal);
        Assert.Contains("DNSName: trk-dmz.tutti.test", list, StringComparison.Ordinal);
        Assert.Contains("2048-bit RSA key", list, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_home.Keystore));
    }

    [Theory]
    [Trait("Row", "C-2.2.2.1")]
    [InlineData("10.0.0.1", "IP address")]
    [InlineData("*.tutti.test", "wildcard")]
    [InlineData("-trk", "hyphen")]
    [InlineData("trk tutti", "characters")]
    public async Task A_name_that_is_none_makes_nothing(string name, string words)
    {
        var answer = (await _home.CertWithPassword("create", $"--name={name}")).Expect(ExitCode.Refused);

        Assert.Contains(words, answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_home.Keystore));
    }

    [Fact]
    [Trait("Row", "C-2.2.2.1")]
    public async Task An_entry_that_exists_is_replaced_only_when_asked_for_and_the_old_keystore_is_kept()
    {
        (await _home.CertWithPassword("create")).Expect(0);
        var first = _home.ReadKeystore().Keys.Single().Certificate.Thumbprint;

        Assert.Contains("--replace", (await _home.CertWithPassword("create")).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
        Assert.Equal(first, _home.ReadKeystore().Keys.Single().Certificate.Thumbprint);

        (await _home.CertWithPassword("create", "--replace")).Expect(0);
        Assert.NotEqual(first, _home.ReadKeystore().Keys.Single().Certificate.Thumbprint);
        var kept = Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName(_home.Keystore)!, "keystore.p12.*Z"));
        Assert.Equal(first, Keystore.Read(kept, CertHome.Password).Value.Keys.Single().Certificate.Thumbprint);
        (await _home.CertWithPassword("create", "--alias", "second")).Expect(0);
        Assert.Equal([CertHome.Name, "second"], _home.ReadKeystore().Keys.Select(entry => entry.Alias));
    }

    [Fact]
    [Trait("Row", "C-2.2.2.1")]
    public async Task A_folder_that_is_not_there_a_short_and_a_missing_password_are_said()
    {
        Assert.Contains("There is no folder", (await _home.CertWithPassword("create", "--keystore", _home.File("none/s.p12"))).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
        Assert.Contains("at least 6", (await _home.Cert("create", "--password-file", _home.Write("short", "12345"))).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
        Assert.Contains("does not exist", (await _home.Cert("create", "--password-file", _home.File("none"))).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
        Assert.Contains("outside ASCII", (await _home.Cert("create", "--password-file", _home.Write("ü", "schlüssel"))).Expect(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.2.3.1")]
    [Trait("Row", "C-2.2.0.24")]
    public async Task Request_writes_what_openssl_and_keytool_understand_with_names_and_both_uses()
    {
        (await _home.CertWithPassword("create", "--san", "trk-dmz.tutti.test")).Expect(0);

        var printed = (await _home.CertWithPassword("request")).Expect(0).Output;
        (await _home.CertWithPassword("request", "--out", _home.File("trk.csr"))).Expect(0);

        Assert.StartsWith("-----BEGIN CERTIFICATE REQUEST-----\n", printed, StringComparison.Ordinal);
        var openssl = await Tool.Run("openssl", "req", "-verify", "-noout", "-text", "-in", _home.File("trk.csr"));
        Assert.Contains("verify OK", openssl, StringComparison.Ordinal);
        Assert.Contains("Subject: CN = trk.tutti.test", openssl, StringComparison.Ordinal);
        Assert.Contains("DNS:trk.tutti.test, DNS:trk-dmz.tutti.test", openssl, StringComparison.Ordinal);
        Assert.Contains("TLS Web Server Authentication, TLS Web Client Authentication", openssl, StringComparison.Ordinal);
        var keytool = await Tool.Run("keytool", "-printcertreq", "-file", _home.File("trk.csr"));
        Assert.Contains("Subject: CN=trk.tutti.test", keytool, StringComparison.Ordinal);
        Assert.Contains("DNSName: trk-dmz.tutti.test", keytool, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.2.3.1")]
    public async Task Request_needs_one_entry()
    {
        Assert.Contains("tutti cert create", (await _home.CertWithPassword("request")).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
        (await _home.CertWithPassword("create", "--alias", "one")).Expect(0);
        (await _home.CertWithPassword("create", "--alias", "two")).Expect(0);
        Assert.Contains("'one', 'two'", (await _home.CertWithPassword("request")).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
        Assert.Contains("no key 'three'", (await _home.CertWithPassword("request", "--alias", "three")).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
        (await _home.CertWithPassword("request", "--alias", "Two")).Expect(0);
        Assert.Contains("[ssl.keystore-password]", (await _home.Cert("request", "--password-file", _home.Write("wrong", "wrong one"))).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.2.4.1")]
    [Trait("Row", "C-2.2.0.25")]
    public async Task Install_puts_the_signed_certificate_in_place_and_leaves_other_entries_alone()
    {
        (await _home.CertWithPassword("create", "--alias", "other", "--name", "other.tutti.test")).Expect(0);
        await _home.Secured();

        var keystore = _home.ReadKeystore();
        Assert.Equal(["other", CertHome.Name], keystore.Keys.Select(entry => entry.Alias));
        Assert.Equal(["CN=Our Intermediate, O=Tutti tests"], keystore.Keys[1].Chain.Select(above => above.Subject));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_home.Keystore));
        Assert.Contains("Certificate chain length: 3\n", await Tool.Run("keytool", "-list", "-v", "-alias", CertHome.Name, "-keystore", _home.Keystore, "-storepass", CertHome.Password), StringComparison.Ordinal);
        Assert.Equal(2, Directory.EnumerateFiles(Path.GetDirectoryName(_home.Keystore)!, "keystore.p12.*Z*").Count());
        Assert.Contains("good, below the trusted root CN=Our Root", (await _home.CertWithPassword("show")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.2.4.2")]
    public async Task A_root_that_is_not_trusted_is_named_with_the_command_and_keytool_refuses_in_the_same_state()
    {
        (await _home.CertWithPassword("create")).Expect(0);
        var signed = _home.Root.Sign((await _home.CertWithPassword("request")).Output);
        var leaf = _home.Write("trk.pem", signed.ToPem());

        var refused = (await _home.CertWithPassword("install", leaf)).Expect(ExitCode.Refused).Error;
        var keytool = await Tool.Try("keytool", "-importcert", "-noprompt", "-alias", CertHome.Name, "-file", leaf, "-keystore", _home.Keystore, "-storepass", CertHome.Password);
        Assert.Contains("'CN=Our Root, O=Tutti tests'", refused, StringComparison.Ordinal);
        Assert.Contains($"tutti cert trust add --home {_home.Path}", refused, StringComparison.Ordinal);
        Assert.NotEqual(0, keytool.Code);

        var both = (await _home.CertWithPassword("install", leaf, _home.File("root.pem"), "--trust-root")).Expect(0);
        Assert.Contains("SHA-256", both.Output, StringComparison.Ordinal);
        Assert.Equal(["our-root"], _home.ReadRoots().Entries.Select(entry => entry.Alias));
        Assert.Equal(_home.Root.Certificate.Thumbprint, _home.ReadKeystore().Keys.Single().Root?.Thumbprint);
    }

    [Fact]
    [Trait("Row", "C-2.2.4.1")]
    public async Task What_does_not_fit_leaves_keystore_and_roots_as_they_were()
    {
        (await _home.CertWithPassword("create")).Expect(0);
        var before = await File.ReadAllBytesAsync(_home.Keystore, TestContext.Current.CancellationToken);
        var foreign = _home.Root.Issue(new TestCertificate(CertHome.Name));
        await File.WriteAllTextAsync(_home.File("foreign.pem"), foreign.ToPem(), TestContext.Current.CancellationToken);

        Assert.Contains("[cert.other-key]", (await _home.CertWithPassword("install", _home.File("foreign.pem"), _home.File("root.pem"), "--trust-root")).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
        Assert.Contains("[cert.file]", (await _home.CertWithPassword("install", _home.Write("page.pem", "<html>"))).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);

        Assert.Equal(before, await File.ReadAllBytesAsync(_home.Keystore, TestContext.Current.CancellationToken));
        Assert.Empty(_home.ReadRoots().Entries);
    }

    [Fact]
    [Trait("Row", "C-2.2.0.8")]
    [Trait("Row", "C-2.2.0.21")]
    public async Task A_certificate_for_serving_only_is_installed_for_https_or_where_the_setting_allows_it()
    {
        (await _home.CertWithPassword("create")).Expect(0);
        (await _home.Cert("trust", "add", _home.File("root.pem"))).Expect(0);
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(_home.ReadKeystore().Keys.Single().Certificate)!;
        var leaf = _home.Write("trk.pem", _home.Root.Issue(new TestCertificate(CertHome.Name) { Key = key, Uses = ["serverAuth"] }).ToPem());

        Assert.Contains("AcceptServerOnlyCertificates=yes", (await _home.CertWithPassword("install", leaf)).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
        (await _home.CertWithPassword("install", leaf, "--for", "https")).Expect(0);
        await File.AppendAllTextAsync(_home.ServerIni, "AcceptServerOnlyCertificates=yes\n", TestContext.Current.CancellationToken);
        (await _home.CertWithPassword("install", leaf)).Expect(0);
    }

    [Fact]
    [Trait("Row", "C-2.2.0.21")]
    public async Task The_keystore_and_password_of_ssl_ini_are_used_without_asking()
    {
        var elsewhere = _home.File("elsewhere.p12");
        _home.WriteSslIni(keystore: elsewhere, password: $"file:{_home.File("password")}");

        (await _home.Cert("create")).Expect(0);

        Assert.Single(Keystore.Read(elsewhere, CertHome.Password).Value.Keys);
    }
}
