// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Tutti.Testing;
using Tutti.Wiring.Certificates;

namespace Tutti.Wiring.Tests.Certificates;

/// <summary>Keystores as real tools write them.</summary>
public sealed class KeystoreVariantsTests : IDisposable
{
    private const string Password = "horse battery";

    private readonly TemporaryFolder _folder = new();

    private string Store => _folder.File("store");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait("Row", "B-23")]
    [Trait("Row", "B-25")]
    [Trait("Row", "B-28")]
    [InlineData("PKCS12", "")]
    [InlineData("PKCS12", "-J-Dkeystore.pkcs12.legacy")]
    [InlineData("JKS", "")]
    public async Task A_keystore_of_keytool_is_read_with_its_aliases_chain_and_roots(string type, string option)
    {
        // Root and intermediate are made by keytool too, so that nothing in it is of our making.
        string[] common = ["-keystore", Store, "-storetype", type, "-storepass", Password, .. option.Length == 0 ? Array.Empty<string>() : [option]];
        string[] entry = [.. common, "-keypass", Password, "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "90"];
        await Tool.Run("keytool", ["-genkeypair", "-alias", "root", "-dname", "CN=Root", "-ext", "bc:c", .. entry]);
        await Tool.Run("keytool", ["-genkeypair", "-alias", "below", "-dname", "CN=Below", "-ext", "bc:c", "-signer", "root", .. entry]);
        await Tool.Run("keytool", ["-genkeypair", "-alias", "UI", "-dname", "CN=ui.tutti.test", "-ext", "san=dns:ui.tutti.test", "-signer", "below", .. entry]);
        await Tool.Run("keytool", ["-exportcert", "-rfc", "-alias", "root", "-file", _folder.File("root.pem"), .. common]);
        await Tool.Run("keytool", ["-importcert", "-noprompt", "-alias", "trusted root", "-file", _folder.File("root.pem"), .. common]);

        var keystore = Keystore.Read(Store, Password).Value;

        Assert.Equal(["below", "root", "ui"], keystore.Keys.Select(key => key.Alias).Order(StringComparer.Ordinal));
        var own = keystore.Keys.Single(key => key.Alias == "ui");
        Assert.Equal(["CN=Below"], own.Chain.Select(certificate => certificate.Subject));
        Assert.Equal("CN=Root", own.Root?.Subject);
        Assert.True(own.Certificate.HasPrivateKey);
        Assert.Equal(["trusted root"], keystore.Trusted.Select(trusted => trusted.Alias));
        Assert.Equal("ssl.keystore-password", Keystore.Read(Store, "wrong one").Refusal.Code);
    }

    [Theory]
    [Trait("Row", "B-23")]
    [InlineData("", null)]
    [InlineData("-legacy", null)]
    [InlineData("-certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1", null)]
    [InlineData("-certpbe AES-128-CBC -keypbe AES-256-CBC -macalg sha512", null)]
    [InlineData("-nomac", "no checksum")]
    [InlineData("-keypbe NONE", "without encryption")]
    [InlineData("-certpbe NONE", null)]
    [InlineData("-iter 600000", null)]
    public async Task A_keystore_of_openssl_is_read_in_every_variant(string options, string? warning)
    {
        await Export(Password, options);

        var keystore = Keystore.Read(Store, Password).Value;

        var key = Assert.Single(keystore.Keys);
        Assert.Equal(("ui server", "CN=ui.tutti.test"), (key.Alias, key.Certificate.Subject));
        Assert.Equal(["CN=Below, O=Tutti tests"], key.Chain.Select(certificate => certificate.Subject));
        Assert.Equal(warning is null ? 0 : 1, keystore.Warnings.Count);
        Assert.All(keystore.Warnings, words => Assert.Contains(warning!, words, StringComparison.Ordinal));
        Assert.Empty(keystore.Trusted);
    }

    [Theory]
    [Trait("Row", "B-29")]
    [InlineData("schlüssel-日本-€")]
    [InlineData(" with blanks at both ends ")]
    [InlineData("=:#!\\\"'")]
    public async Task Any_password_opens_what_openssl_made(string password)
    {
        await Export(password, "");

        Assert.Single(Keystore.Read(Store, password).Value.Keys);
        Assert.Equal("ssl.keystore-password", Keystore.Read(Store, password.Trim() + "x").Refusal.Code);
    }

    [Fact]
    [Trait("Row", "B-30")]
    public async Task Too_many_rounds_are_refused_before_they_are_done()
    {
        // A file that asks for five million, without the time to make it: the number stands in the checksum's part.
        await Export(Password, "-iter 2048");
        var content = await File.ReadAllBytesAsync(Store, TestContext.Current.CancellationToken);
        byte[] usual = [0x02, 0x02, 0x08, 0x00];
        Assert.Equal(usual, content[^usual.Length..]);
        await using (var writer = File.Create(Store))
        {
            await writer.WriteAsync(WithRounds(content, 5_000_000), TestContext.Current.CancellationToken);
        }

        var time = Stopwatch.StartNew();
        var refusal = Keystore.Read(Store, Password).Refusal;

        Assert.Equal("ssl.keystore-format", refusal.Code);
        Assert.Contains("5,000,000 rounds", refusal.Message, StringComparison.Ordinal);
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(1), time.Elapsed.ToString());
    }

    [Fact]
    [Trait("Row", "B-30")]
    public void Too_many_certificates_are_refused()
    {
        X509Certificate2[] roots = [.. Enumerable.Range(1, 201).Select(number => new TestAuthority(string.Create(CultureInfo.InvariantCulture, $"Root {number}")).Certificate)];

        Assert.Equal(200, Keystore.Parse(Store, IssuedCertificate.TrustedRoots(Password, roots[..200]), Password).Value.Trusted.Count);
        Assert.Contains("201 certificates", Keystore.Parse(Store, IssuedCertificate.TrustedRoots(Password, roots), Password).Refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "B-26")]
    public async Task A_JKS_key_with_a_password_of_its_own_is_refused_with_the_command_that_mends_it()
    {
        await Tool.Run("keytool", "-genkeypair", "-alias", "ui", "-dname", "CN=ui.tutti.test", "-keyalg", "RSA", "-keystore", Store, "-storetype", "JKS", "-storepass", Password, "-keypass", "another one");

        var refusal = Keystore.Read(Store, Password).Refusal;
        var command = refusal.Message[refusal.Message.IndexOf("keytool", StringComparison.Ordinal)..].Split(' ');
        await Tool.Run(command[0], [.. command[1..], "-storepass", Password, "-keypass", "another one", "-new", Password]);

        Assert.Equal("ssl.key-password", refusal.Code);
        Assert.Equal("ui", Keystore.Read(Store, Password).Value.Keys.Single().Alias);
    }

    [Fact]
    [Trait("Row", "C-2.3.16")]
    public async Task A_JKS_that_is_cut_off_is_told_from_one_with_another_password()
    {
        await Tool.Run("keytool", "-genkeypair", "-alias", "ui", "-dname", "CN=ui.tutti.test", "-keyalg", "EC", "-keystore", Store, "-storetype", "JKS", "-storepass", Password, "-keypass", Password);
        var content = await File.ReadAllBytesAsync(Store, TestContext.Current.CancellationToken);

        Assert.Equal("ssl.keystore-password", Keystore.Parse(Store, content, "wrong").Refusal.Code);
        Assert.Contains("cut off", Keystore.Parse(Store, content[..(content.Length / 2)], Password).Refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "B-27")]
    public async Task A_key_that_no_server_can_show_is_named_beside_a_good_one()
    {
        string[] common = ["-keystore", Store, "-storetype", "PKCS12", "-storepass", Password];
        await Tool.Run("keytool", ["-genkeypair", "-alias", "good", "-dname", "CN=ui.tutti.test", "-keyalg", "EC", "-groupname", "secp256r1", .. common]);
        await Tool.Run("keytool", ["-genkeypair", "-alias", "strange", "-dname", "CN=ui.tutti.test", "-keyalg", "Ed25519", .. common]);

        var refusal = Keystore.Read(Store, Password).Refusal;

        Assert.Equal("ssl.key-unsupported", refusal.Code);
        Assert.Contains($"'strange' in {Store} is of the type Ed25519", refusal.Message, StringComparison.Ordinal);
        await Tool.Run("keytool", ["-delete", "-alias", "strange", .. common]);
        Assert.Equal("good", Keystore.Read(Store, Password).Value.Keys.Single().Alias);
    }

    [Theory]
    [Trait("Row", "B-19")]
    [InlineData("-algorithm ed25519", "Ed25519")]
    [InlineData("-algorithm ed448", "Ed448")]
    [InlineData("-algorithm rsa-pss -pkeyopt rsa_keygen_bits:2048", "RSA-PSS")]
    public async Task The_type_of_an_unusual_key_is_said(string options, string type)
    {
        await Tool.Run("openssl", ["genpkey", "-out", _folder.File("key.pem"), .. options.Split(' ')]);
        await Tool.Run("openssl", "req", "-x509", "-new", "-key", _folder.File("key.pem"), "-subj", "/CN=ui.tutti.test", "-out", _folder.File("certificate.pem"));
        await Tool.Run("openssl", "pkcs12", "-export", "-inkey", _folder.File("key.pem"), "-in", _folder.File("certificate.pem"), "-out", Store, "-passout", $"pass:{Password}");

        Assert.Contains($"is of the type {type}", Keystore.Read(Store, Password).Refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "B-19")]
    public void A_curve_that_no_handshake_takes_is_named()
    {
        var issued = new TestAuthority().Issue(new TestCertificate("ui.tutti.test") { KeyType = "secp256k1" });

        var refusal = Keystore.Parse(Store, issued.ToKeystore(Password), Password).Refusal;

        Assert.Equal("ssl.key-unsupported", refusal.Code);
        Assert.Contains("of the type EC secp256k1", refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("Row", "B-23")]
    public async Task Roots_that_openssl_put_into_a_keystore_are_trusted_entries_though_Java_does_not_see_them()
    {
        await File.WriteAllTextAsync(_folder.File("roots.pem"), new TestAuthority("A").Certificate.ExportCertificatePem() + "\n" + new TestAuthority("B").Certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await Tool.Run("openssl", "pkcs12", "-export", "-nokeys", "-in", _folder.File("roots.pem"), "-out", Store, "-passout", $"pass:{Password}");

        Assert.Equal(["CN=A, O=Tutti tests", "CN=B, O=Tutti tests"], Keystore.Read(Store, Password).Value.Trusted.Select(entry => entry.Certificate.Subject).Order(StringComparer.Ordinal));
    }

    [Theory]
    [Trait("Row", "B-23")]
    [InlineData("PKCS12")]
    [InlineData("JKS")]
    public async Task The_authorities_of_Java_itself_are_read(string type)
    {
        foreach (var name in new[] { "A", "B" })
        {
            await File.WriteAllTextAsync(_folder.File("root.pem"), new TestAuthority(name).Certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
            await Tool.Run("keytool", "-importcert", "-noprompt", "-alias", $"Root {name}", "-file", _folder.File("root.pem"), "-keystore", Store, "-storetype", type, "-storepass", Password);
        }

        Assert.Equal(["root a", "root b"], Keystore.Read(Store, Password).Value.Trusted.Select(entry => entry.Alias.ToLowerInvariant()).Order(StringComparer.Ordinal));
        Assert.Equal("ssl.keystore-password", Keystore.Read(Store, "wrong one").Refusal.Code);
    }

    private async Task Export(string password, string options)
    {
        var issued = new TestAuthority("Root").Intermediate("Below").Issue(new TestCertificate("ui.tutti.test"));
        using var key = issued.Certificate.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync(_folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(_folder.File("chain.pem"), issued.ToPem());
        await File.WriteAllTextAsync(_folder.File("password"), password + "\n");
        await Tool.Run(
            "openssl",
            ["pkcs12", "-export", "-inkey", _folder.File("key.pem"), "-in", _folder.File("chain.pem"), "-name", "ui server", "-out", Store, "-passout", $"file:{_folder.File("password")}", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
    }

    private static byte[] WithRounds(byte[] content, int rounds)
    {
        // Pkcs12Builder would do all of them; so a file with few is taken apart and its last number changed.
        var file = Pkcs12Info.Decode(content, out _);
        Assert.True(file.VerifyMac(Password));
        byte[] changed = [.. content[..^4], 0x02, 0x03, .. BitConverter.GetBytes(rounds).Take(3).Reverse()];
        return Lengthened(changed);
    }

    // One byte more in the outermost sequence and in the last but one: both have lengths of two bytes or one.
    private static byte[] Lengthened(byte[] content)
    {
        Assert.Equal(0x82, content[1]);
        var outer = (content[2] << 8 | content[3]) + 1;
        (content[2], content[3]) = ((byte)(outer >> 8), (byte)outer);
        var mac = content.Length - 1 - 4;
        while (content[mac] != 0x30 || mac + 2 + content[mac + 1] + 1 != content.Length)
        {
            mac--;
        }

        content[mac + 1]++;
        return content;
    }
}
