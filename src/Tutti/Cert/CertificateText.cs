// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;

namespace Tutti.Commands.Cert;

/// <summary>Certificates as people read them.</summary>
internal static class CertificateText
{
    /// <summary>Writes what a person compares before she trusts: subject, issuer, dates, fingerprint.</summary>
    public static void Write(X509Certificate2 certificate, TextWriter output, string indent = "")
    {
        output.WriteLine($"{indent}Subject      {OneLine(certificate.Subject)}");
        if (certificate.Subject != certificate.Issuer)
        {
            output.WriteLine($"{indent}Issuer       {OneLine(certificate.Issuer)}");
        }

        if (CertificateNames.Of(certificate) is { Count: > 0 } names)
        {
            output.WriteLine($"{indent}Names        {string.Join(", ", names.Select(HostNames.Show))}");
        }

        output.WriteLine($"{indent}Valid        {Moment(certificate.NotBefore)} to {Moment(certificate.NotAfter)}");
        output.WriteLine($"{indent}Serial       {certificate.SerialNumber}");
        output.WriteLine($"{indent}Key          {Key(certificate)}");
        output.WriteLine($"{indent}SHA-256      {NewRoot.Fingerprint(certificate)}");
    }

    /// <summary>A moment in UTC.</summary>
    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Kind and size of a key.</summary>
    public static string Key(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var ec = rsa is null ? certificate.GetECDsaPublicKey() : null;
        return (rsa, ec) switch
        {
            (not null, _) => string.Create(CultureInfo.InvariantCulture, $"RSA {rsa.KeySize}"),
            (_, not null) => string.Create(CultureInfo.InvariantCulture, $"EC {ec.KeySize}"),
            _ => certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value ?? "unknown",
        };
    }

    /// <summary>Text out of a certificate without line breaks.</summary>
    public static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
