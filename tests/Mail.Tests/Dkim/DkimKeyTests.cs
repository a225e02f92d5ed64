// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tutti.Mail.Dkim;

namespace Tutti.Mail.Tests.Dkim;

public sealed class DkimKeyTests
{
    [Theory]
    [InlineData(DkimAlgorithm.Rsa)]
    [InlineData(DkimAlgorithm.Ed25519)]
    public void A_key_survives_being_written_and_read(DkimAlgorithm algorithm)
    {
        var key = DkimKey.Create(algorithm);
        var pem = key.ToPem();
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", pem, StringComparison.Ordinal);
        Assert.True(DkimKey.TryReadPem(pem, out var again, out _));
        Assert.Equal((algorithm, key.PublicKey), (again.Algorithm, again.PublicKey));
    }

    [Fact]
    public void Keys_of_other_programs_are_read()
    {
        using var rsa = RSA.Create(2048);
        Assert.True(DkimKey.TryReadPem(rsa.ExportRSAPrivateKeyPem(), out var key, out _));
        Assert.Equal(Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()), key.PublicKey);
    }

    /// <summary>The key of RFC 8463, appendix A.2, as OpenSSL would write it.</summary>
    [Fact]
    public void The_Ed25519_key_of_the_standard_has_the_public_key_of_the_standard()
    {
        byte[] der = [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20, .. Convert.FromBase64String("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")];
        var pem = PemEncoding.WriteString("PRIVATE KEY", der);
        Assert.True(DkimKey.TryReadPem(pem, out var key, out _));
        Assert.Equal("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", DkimRecord.Of(key, "football.example.com", "brisbane").Text);
        Assert.Equal(pem, key.ToPem());
    }

    [Fact]
    public void What_is_no_private_key_is_refused()
    {
        using var rsa = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var tooShort = RSA.Create(512);
        Assert.All(
            ["", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", rsa.ExportSubjectPublicKeyInfoPem(), curve.ExportPkcs8PrivateKeyPem(), tooShort.ExportPkcs8PrivateKeyPem()],
            (string pem) =>
            {
                Assert.False(DkimKey.TryReadPem(pem, out _, out var problem));
                Assert.NotEmpty(problem);
            });
    }

    [Fact]
    public void The_record_fits_into_DNS_strings()
    {
        var record = DkimRecord.Of(DkimKey.Create(), "example.org", "s1");
        Assert.Equal("s1._domainkey.example.org", record.Name);
        Assert.StartsWith("v=DKIM1; k=rsa; p=MII", record.Text, StringComparison.Ordinal);
        Assert.True(record.Strings().Count > 1);
        Assert.All(record.Strings(), part => Assert.InRange(part.Length, 1, 255));
        Assert.Equal(record.Text, string.Concat(record.Strings()));
        Assert.StartsWith("s1._domainkey.example.org. IN TXT \"v=DKIM1; k=rsa; p=", record.ToZoneLine(), StringComparison.Ordinal);
    }
}
