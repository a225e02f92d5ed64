// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tutti.Testing;
using Tutti.Wiring.Certificates;

namespace Tutti.Wiring.Tests.Certificates;

public sealed class KeystoreTests : IDisposable
{
    private const string Password = "horse battery";

    private static readonly TestAuthority _root = new("Keystore Root");
    private static readonly TestAuthority _intermediate = _root.Intermediate("Keystore Intermediate");

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("server.p12");

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Row", "C-2.3.16")]
    public async Task What_is_no_keystore_is_refused_with_its_own_words()
    {
        var good = _root.Issue(new TestCertificate("ui.tutti.test"));
        var store = good.ToKeystore(Password);
        await Tool.Run("keytool", "-genkeypair", "-alias", "a", "-dname", "CN=a.test", "-keyalg", "RSA", "-keystore", _folder.File("a.jceks"), "-storetype", "JCEKS", "-storepass", Password, "-keypass", Password);
        (string Case, byte[] Content, string Code, string Words)[] cases =
        [
            ("empty", [], "ssl.keystore-format", "is empty"),
            ("garbage", Encoding.UTF8.GetBytes("<html>Sign in</html>"), "ssl.keystore-format", "neither PKCS#12 nor JKS"),
            ("noise", RandomNumberGenerator.GetBytes(3000).Prepend<byte>(7).ToArray(), "ssl.keystore-format", "neither PKCS#12 nor JKS"),
            ("pem", Encoding.UTF8.GetBytes(good.ToPem()), "ssl.keystore-format", "openssl pkcs12 -export -in"),
            ("certificate", good.Certificate.RawData, "ssl.keystore-format", "without a private key"),
            ("jceks", await File.ReadAllBytesAsync(_folder.File("a.jceks"), TestContext.Current.CancellationToken), "ssl.keystore-format", "-srcstoretype JCEKS"),
            ("bks", [0, 0, 0, 2, 0, 0, 0, 20, 1, 2, 3, 4], "ssl.keystore-format", "BKS"),
            ("truncated", store[..(store.Length / 2)], "ssl.keystore-format", "cut off"),
            ("long", new byte[Keystore.LongestFile + 1], "ssl.keystore-format", "longer than"),
        ];

        Assert.All(cases, each =>
        {
            File.WriteAllBytes(Path, each.Content);

            var refusal = Keystore.Read(Path, Password).Refusal;

            Assert.Equal(each.Code, refusal.Code);
            Assert.Contains(each.Words, refusal.Message, StringComparison.Ordinal);
            Assert.Contains(Path, refusal.Message, StringComparison.Ordinal);
        });
        await File.WriteAllBytesAsync(Path, store, TestContext.Current.CancellationToken);
        Assert.Single(Keystore.Read(Path, Password).Value.Keys);
    }

    [Fact]
    [Trait("Row", "C-2.3.16")]
    public void A_file_that_is_not_there_a_folder_and_one_that_cannot_be_read_are_told_apart()
    {
        Assert.Equal("ssl.keystore-missing", Keystore.Read(Path, Password).Refusal.Code);
        Assert.Equal("ssl.keystore-missing", Keystore.Read(_folder.File("no/such/folder.p12"), Password).Refusal.Code);
        Assert.Contains("is a folder", Keystore.Read(_folder.Path, Password).Refusal.Message, StringComparison.Ordinal);

        // Reading the memory of a process at address 0 fails for every user.
        Assert.Equal("ssl.keystore-unreadable", Keystore.Read("/proc/self/mem", Password).Refusal.Code);
    }

    [Fact]
    [Trait("Row", "C-2.3.16")]
    public async Task The_command_of_the_message_for_JCEKS_makes_a_keystore_that_is_read()
    {
        var old = _folder.File("old.jceks");
        await Tool.Run("keytool", "-genkeypair", "-alias", "a", "-dname", "CN=a.test", "-keyalg", "RSA", "-keystore", old, "-storetype", "JCEKS", "-storepass", Password, "-keypass", Password);

        var message = Keystore.Read(old, Password).Refusal.Message;
        var command = message[message.IndexOf("keytool", StringComparison.Ordinal)..].Split(' ');
        await Tool.Run(command[0], [.. command[1..], "-srcstorepass", Password, "-deststorepass", Password]);

        Assert.Equal("a", Keystore.Read(_folder.File("old.p12"), Password).Value.Keys.Single().Alias);
    }

    [Fact]
    public void A_wrong_password_is_told_from_a_damaged_file()
    {
        var store = _root.Issue(new TestCertificate("ui.tutti.test")).ToKeystore(Password);

        Assert.Equal("ssl.keystore-password", Keystore.Parse(Path, store, "wrong").Refusal.Code);
        Assert.Equal("ssl.keystore-password", Keystore.Parse(Path, store, Password + " ").Refusal.Code);
    }

    [Fact]
    public void A_key_comes_with_its_certificate_and_the_intermediates_above_it()
    {
        var store = _intermediate.Issue(new TestCertificate("ui.tutti.test")).ToKeystore(Password, "Ünser Schlüssel");

        var entry = Keystore.Parse(Path, store, Password).Value.Keys.Single();

        Assert.Equal("Ünser Schlüssel", entry.Alias);
        Assert.True(entry.Certificate.HasPrivateKey);
        Assert.Equal(["CN=Keystore Intermediate, O=Tutti tests"], entry.Chain.Select(certificate => certificate.Subject));
        using var key = entry.Certificate.GetECDsaPrivateKey()!;
        using var open = entry.Certificate.GetECDsaPublicKey()!;
        byte[] words = [1, 2, 3];
        Assert.True(open.VerifyData(words, key.SignData(words, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256));
    }
}
