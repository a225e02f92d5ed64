// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Testing;
using Tutti.Wiring.Certificates;

namespace Tutti.Wiring.Tests.Certificates;

public sealed class Pkcs12WriterTests : IDisposable
{
    private const string Password = "horse battery";

    private static readonly TestAuthority _root = new("Writer Root");
    private static readonly TestAuthority _below = _root.Intermediate("Writer Below");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Row", "B-28")]
    public void What_was_written_is_read_again_with_aliases_chains_and_roots() => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool).SampleRepeatably(
        (keys, trusted, isBelow) =>
        {
            KeyEntry[] entries = [.. Enumerable.Range(1, keys).Select(number => Entry($"Key ö {number}", isBelow))];
            TrustedEntry[] roots = [.. Enumerable.Range(1, trusted).Select(number => new TrustedEntry($"root {number}", new TestAuthority($"T{number}").Certificate))];

            var read = Keystore.Parse("x", Pkcs12Writer.Write(entries, roots, Password), Password).Value;

            Assert.Equal(entries.Select(Text), read.Keys.Select(Text));
            Assert.Equal(roots.Select(root => (root.Alias, root.Certificate.Thumbprint)), read.Trusted.Select(root => (root.Alias, root.Certificate.Thumbprint)));
            Assert.All(read.Keys, key => Assert.True(key.Certificate.HasPrivateKey));
            Assert.Empty(read.Warnings);
        },
        iter: 30);

    [Fact]
    [Trait("Row", "B-28")]
    [Trait("Row", "C-2.2.0.26")]
    public async Task Keytool_and_openssl_see_the_same_and_what_keytool_changes_is_read_again()
    {
        var file = _folder.File("server.p12");
        await File.WriteAllBytesAsync(file, Pkcs12Writer.Write([Entry("ui.tutti.test", true), Entry("second", false)], [new TrustedEntry("our root", _root.Certificate)], Password), TestContext.Current.CancellationToken);

        var list = await Tool.Run("keytool", "-list", "-v", "-keystore", file, "-storepass", Password);
        Assert.Contains("contains 3 entries", list, StringComparison.Ordinal);
        Assert.Matches(@"Alias name: ui.tutti.test\n.*\nEntry type: PrivateKeyEntry\nCertificate chain length: 3\n", list);
        Assert.Matches(@"Alias name: our root\n.*\nEntry type: trustedCertEntry\n", list);
        var openssl = await Tool.Run("openssl", "pkcs12", "-in", file, "-passin", $"pass:{Password}", "-noenc", "-info");
        Assert.Contains("PBES2, PBKDF2, AES-256-CBC, Iteration 10000, PRF hmacWithSHA256", openssl, StringComparison.Ordinal);
        Assert.Contains("MAC: sha256, Iteration 10000", openssl, StringComparison.Ordinal);

        await Tool.Run("keytool", "-changealias", "-alias", "second", "-destalias", "third", "-keystore", file, "-storepass", Password);
        var again = Keystore.Read(file, Password).Value;
        Assert.Equal(["third", "ui.tutti.test"], again.Keys.Select(key => key.Alias).Order(StringComparer.Ordinal));
        Assert.Equal(["our root"], again.Trusted.Select(entry => entry.Alias));
        Assert.Equal(["CN=Writer Below, O=Tutti tests"], again.Keys.Single(key => key.Alias == "ui.tutti.test").Chain.Select(certificate => certificate.Subject));
    }

    private static string Text(KeyEntry entry) => $"{entry.Alias} {entry.Certificate.Thumbprint} {string.Join(' ', entry.Chain.Select(above => above.Thumbprint))} {entry.Root?.Thumbprint}";

    private static KeyEntry Entry(string alias, bool isBelow)
    {
        var issued = (isBelow ? _below : _root).Issue(new TestCertificate("ui.tutti.test"));
        return new KeyEntry(alias, issued.Certificate, issued.Intermediates) { Root = issued.Root };
    }
}
