// SPDX-License-Identifier: Apache-2.0
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tutti.Wiring.Certificates;

/// <summary>The host names of a certificate: what its owner may be called.</summary>
public static class CertificateNames
{
    private const string CommonName = "2.5.4.3";
    private const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>
    /// The names that count, in the form of <see cref="HostNames"/>, in their order, each once: the DNS names of the subjectAltName
    /// extension; only where there is no such extension the common name, if there is exactly one and it is a host name.
    /// Wildcards and IP addresses never count, wherever they stand.
    /// </summary>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return [.. Candidates(certificate).Select(text => HostNames.TryNormalize(text, out var name) ? name : "").Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Everything that somebody may have meant as a name, as it stands there: for messages about certificates without a name that counts.</summary>
    public static IReadOnlyList<string> Written(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return [.. Candidates(certificate).Concat(CommonNames(certificate)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>True if the name comes from the common name: the habit of old tools, worth a warning.</summary>
    public static bool IsMadeWithoutAlternativeName(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Extension(certificate) is null && Of(certificate).Count > 0;
    }

    private static List<string> Candidates(X509Certificate2 certificate)
    {
        if (Extension(certificate) is not { } extension)
        {
            var names = CommonNames(certificate);
            return names.Count == 1 ? names : [];
        }

        try
        {
            return [.. new X509SubjectAlternativeNameExtension(extension.RawData).EnumerateDnsNames()];
        }
        catch (CryptographicException)
        {
            // A broken extension is still one: it closes the door to the common name.
            return [];
        }
    }

    private static X509Extension? Extension(X509Certificate2 certificate) => certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == SubjectAlternativeName);

    private static List<string> CommonNames(X509Certificate2 certificate)
    {
        List<string> names = [];
        try
        {
            var parts = new AsnReader(certificate.SubjectName.RawData, AsnEncodingRules.BER).ReadSequence();
            while (parts.HasData)
            {
                // By the standard each part is a set, nearly always of one.
                var part = parts.ReadSetOf(skipSortOrderValidation: true);
                while (part.HasData)
                {
                    var attribute = part.ReadSequence();
                    if (attribute.ReadObjectIdentifier() == CommonName)
                    {
                        names.Add(attribute.ReadCharacterString((UniversalTagNumber)attribute.PeekTag().TagValue));
                    }
                }
            }
        }
        catch (AsnContentException)
        {
            names.Clear();
        }

        return names;
    }
}
