// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Testing;
using Tutti.Wiring.Certificates.Issuing;

namespace Tutti.Wiring.Tests.Certificates.Issuing;

public sealed class CertificateFilesTests : IDisposable
{
    private static readonly TestAuthority _root = new("A");
    private static readonly IssuedCertificate _issued = _root.Intermediate("A1").Issue(new TestCertificate("ui.tutti.test"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Row", "C-2.2.4.1")]
    public async Task Pem_der_and_pkcs7_of_openssl_and_keytool_are_read()
    {
        var pem = Write("chain.pem", "some words before\n" + _issued.ToPem());
        var der = Write("leaf.cer", _issued.Certificate.RawData);
        await Tool.Run("openssl", "crl2pkcs7", "-nocrl", "-certfile", pem, "-out", _folder.File("chain.p7b"));
        await Tool.Run("openssl", "crl2pkcs7", "-nocrl", "-certfile", pem, "-outform", "DER", "-out", _folder.File("chain.p7c"));
        await Tool.Run("openssl", "x509", "-in", pem, "-trustout", "-out", _folder.File("trusted.pem"));
        string[] both = [_issued.Certificate.Thumbprint, _issued.Intermediates[0].Thumbprint];

        Assert.Equal(both, Thumbprints(pem));
        Assert.Equal(both[..1], Thumbprints(der));
        Assert.Equal(both.Order(), Thumbprints(_folder.File("chain.p7b")).Order());
        Assert.Equal(both.Order(), Thumbprints(_folder.File("chain.p7c")).Order());
        Assert.Equal(both, Thumbprints(der, pem, _folder.File("chain.p7b")));
    }

    [Fact]
    [Trait("Row", "C-2.2.1.4")]
    public void What_holds_no_certificate_is_refused_with_what_it_is()
    {
        (string Name, byte[] Content, string Words)[] cases =
        [
            ("empty.pem", [], "is empty"),
            ("portal.cer", Encoding.UTF8.GetBytes("\uFEFF\n<!DOCTYPE html><html>Sign in</html>"), "is a web page"),
            ("garbage", Encoding.UTF8.GetBytes("certificate"), "neither PEM nor DER nor PKCS#7"),
            ("request.pem", Encoding.UTF8.GetBytes("-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n"), "is the request"),
            ("key.pem", Encoding.UTF8.GetBytes("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"), "but: PRIVATE KEY"),
            ("half.pem", Encoding.UTF8.GetBytes(_issued.ToPem()[..200]), "missing lines"),
            ("half.cer", _issued.Certificate.RawData[..200], ""),
            ("broken.pem", Encoding.UTF8.GetBytes("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"), "damaged"),
            ("server.p12", _issued.ToKeystore("secret"), "is a keystore"),
        ];

        Assert.All(cases, each =>
        {
            var refusal = CertificateFiles.Read([Write(each.Name, each.Content)]).Refusal;
            Assert.Equal("cert.file", refusal.Code);
            Assert.Contains(each.Words, refusal.Message, StringComparison.Ordinal);
            Assert.Contains(each.Name, refusal.Message, StringComparison.Ordinal);
        });
        Assert.Contains("cannot be read", CertificateFiles.Read([_folder.File("none.pem")]).Refusal.Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", CertificateFiles.Read([_folder.Path]).Refusal.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Thumbprints(params string[] paths) => CertificateFiles.Read(paths).Value.Select(certificate => certificate.Thumbprint);

    private string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    private string Write(string name, byte[] content)
    {
        File.WriteAllBytes(_folder.File(name), content);
        return _folder.File(name);
    }
}
