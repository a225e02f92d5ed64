// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tutti.Wiring.Certificates.Keystores;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates.Issuing;

/// <summary>Reads certificates as authorities hand them out: PEM, DER or PKCS#7, one or many in a file.</summary>
public static class CertificateFiles
{
    private const string Code = "cert.file";

    /// <summary>All certificates of all files, in their order, each once.</summary>
    /// <returns>A refusal with the code <c>cert.file</c> names the first file that holds none.</returns>
    public static Outcome<IReadOnlyList<X509Certificate2>> Read(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        List<X509Certificate2> all = [];
        foreach (var path in paths)
        {
            if (!Read(path).Is(out var found, out var refusal))
            {
                return refusal;
            }

            all.AddRange(found.Where(certificate => !all.Exists(known => known.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span))));
        }

        return all.Count <= Keystore.MostCertificates ? all : Refuse($"These are {all.Count} certificates; give those of this server and of the authorities above it only.");
    }

    private static Outcome<IReadOnlyList<X509Certificate2>> Read(string path)
    {
        byte[] content;
        try
        {
            if (new FileInfo(path).Length > Keystore.LongestFile)
            {
                return Refuse($"{path} is longer than any file of certificates.");
            }

            content = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Refuse(Directory.Exists(path) ? $"{path} is a folder. Name the file in it." : $"{path} cannot be read: {exception.Message}");
        }

        try
        {
            return KeystoreFormats.Of(content) switch
            {
                KeystoreFormat.Empty => Refuse($"{path} is empty."),
                KeystoreFormat.Pem => OfPem(path, Encoding.UTF8.GetString(content)),
                KeystoreFormat.Certificate => OfDer(content),
                KeystoreFormat.Truncated => Refuse($"{path} is cut off: it ends before its own length says."),
                KeystoreFormat.Pkcs12 or KeystoreFormat.Jks or KeystoreFormat.Jceks or KeystoreFormat.Bks => Refuse($"{path} is a keystore. Name the file that came from the authority."),
                _ when IsWebPage(content) => Refuse($"{path} is a web page, not a certificate. Save the certificate itself."),
                _ => Refuse($"{path} holds no certificate: it is neither PEM nor DER nor PKCS#7."),
            };
        }
        catch (CryptographicException exception)
        {
            return Refuse($"{path} holds a damaged certificate: {exception.Message}");
        }
    }

    private static Outcome<IReadOnlyList<X509Certificate2>> OfPem(string path, string text)
    {
        List<X509Certificate2> found = [];
        var rest = text.AsSpan();
        var other = "";
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label].ToString();
            var content = Convert.FromBase64String(rest[fields.Base64Data].ToString());
            switch (label)
            {
                case "CERTIFICATE" or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE":
                    found.Add(X509CertificateLoader.LoadCertificate(content));
                    break;
                case "PKCS7" or "CMS":
                    found.AddRange(OfPkcs7(content));
                    break;
                default:
                    other = label;
                    break;
            }

            rest = rest[fields.Location.End..];
        }

        return (found.Count, other) switch
        {
            ( > 0, _) => found,
            (_, "CERTIFICATE REQUEST" or "NEW CERTIFICATE REQUEST") => Refuse($"{path} is the request. Give it to an authority, and install what comes back."),
            (_, "") => Refuse($"{path} holds no certificate that is whole: look for missing lines between BEGIN and END."),
            _ => Refuse($"{path} holds no certificate, but: {other}."),
        };
    }

    private static List<X509Certificate2> OfDer(byte[] content)
    {
        try
        {
            return [X509CertificateLoader.LoadCertificate(content)];
        }
        catch (CryptographicException)
        {
            return OfPkcs7(content);
        }
    }

    private static List<X509Certificate2> OfPkcs7(byte[] content)
    {
        var message = new SignedCms();
        message.Decode(content);
        return message.Certificates.Count > 0 ? [.. message.Certificates] : throw new CryptographicException("The bundle is empty.");
    }

    private static bool IsWebPage(byte[] content)
    {
        var start = Encoding.UTF8.GetString(content.AsSpan(0, Math.Min(content.Length, 512))).TrimStart('\uFEFF', ' ', '\r', '\n', '\t');
        return start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
    }

    private static Refusal Refuse(string message) => new(RefusalKind.Invalid, Code, message);
}
