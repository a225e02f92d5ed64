// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Corridor;

/// <summary>
/// Revocation lists from <c>conf/crl/</c>, PEM or DER. Nothing is ever fetched: a server in a DMZ has no way out. Read by
/// BouncyCastle, because the framework cannot be handed a list.
/// </summary>
internal sealed class RevocationLists
{
    private const int LongestFile = 32 * 1024 * 1024;

    /// <summary>No list at all.</summary>
    public static readonly RevocationLists None = new([]);

    private readonly IReadOnlyList<X509Crl> _lists;

    private RevocationLists(IReadOnlyList<X509Crl> lists) => _lists = lists;

    /// <summary>Reads the folder. What is no list, or is not signed by the authority it names, is left out and told.</summary>
    /// <param name="folder"><c>conf/crl</c>; need not exist.</param>
    /// <param name="authorities">Certificates of authorities that are known here: roots and own chain.</param>
    /// <param name="now">To tell lists that are out of date.</param>
    /// <param name="warnings">What was left out or is out of date.</param>
    public static RevocationLists Read(string folder, IReadOnlyList<X509Certificate2> authorities, DateTimeOffset now, List<Complaint> warnings)
    {
        if (!Directory.Exists(folder))
        {
            return None;
        }

        List<X509Crl> lists = [];
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            void Warn(string words) => warnings.Add(new Complaint("conf/crl/" + Path.GetFileName(path), null, null, words, "ssl.crl"));
            if (Parse(path) is not { Count: > 0 } found)
            {
                Warn("is no certificate revocation list and does not count.");
                continue;
            }

            foreach (var list in found)
            {
                var issuers = authorities.Where(authority => list.IssuerDN.Equivalent(DotNetUtilities.FromX509Certificate(authority).SubjectDN)).ToList();
                if (issuers.Count == 0)
                {
                    Warn($"comes from {list.IssuerDN}, which is no authority of this server; it counts only for certificates that this authority issued.");
                }
                else if (!issuers.Exists(issuer => IsSignedBy(list, issuer)))
                {
                    Warn($"is not signed by {list.IssuerDN} as it says, and does not count.");
                    continue;
                }

                if (list.NextUpdate is { } next && next.ToUniversalTime() < now.UtcDateTime)
                {
                    Warn(string.Create(CultureInfo.InvariantCulture, $"should have been replaced by a newer one on {next.ToUniversalTime():yyyy-MM-dd}; it still counts."));
                }

                lists.Add(list);
            }
        }

        return new RevocationLists(lists);
    }

    /// <summary>The refusal of a chain with a revoked certificate below its root, or null.</summary>
    public Refusal? Find(TrustedPath path)
    {
        for (var i = 0; _lists.Count > 0 && i + 1 < path.Certificates.Count; i++)
        {
            var (certificate, issuer) = (path.Certificates[i], path.Certificates[i + 1]);
            var serial = new BigInteger(1, certificate.SerialNumberBytes.ToArray());
            foreach (var list in _lists)
            {
                if (list.GetRevokedCertificate(serial) is { } revoked
                    && list.IssuerDN.Equivalent(DotNetUtilities.FromX509Certificate(certificate).IssuerDN)
                    && IsSignedBy(list, issuer))
                {
                    var whose = i == 0 ? "its certificate" : $"the certificate {certificate.Subject} in its chain";
                    return new Refusal(
                        RefusalKind.Forbidden,
                        "tls.revoked",
                        string.Create(CultureInfo.InvariantCulture, $"{whose} (serial {certificate.SerialNumber}) was revoked by its authority on {revoked.RevocationDate.ToUniversalTime():yyyy-MM-dd}."));
                }
            }
        }

        return null;
    }

    private static List<X509Crl>? Parse(string path)
    {
        try
        {
            return new FileInfo(path).Length > LongestFile ? null : [.. new X509CrlParser().ReadCrls(File.ReadAllBytes(path))];
        }
        catch (Exception e) when (e is GeneralSecurityException or IOException or UnauthorizedAccessException or ArgumentException or InvalidCastException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsSignedBy(X509Crl list, X509Certificate2 issuer)
    {
        try
        {
            return list.IsSignatureValid(DotNetUtilities.FromX509Certificate(issuer).GetPublicKey());
        }
        catch (Exception e) when (e is GeneralSecurityException or ArgumentException or IOException)
        {
            return false;
        }
    }
}
