// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;

namespace Tutti.Dst.Smtp.Encryption;

/// <summary>Whether a certificate carries a name. Only subject alternative names count (RFC 8461 §4.1: DNS-ID).</summary>
internal static class CertificateName
{
    /// <summary>True if it carries one of these.</summary>
    public static bool IsOneOf(X509Certificate2 certificate, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            // "[192.0.2.1]" and the like are no names.
            if (Uri.CheckHostName(name) != UriHostNameType.Unknown && certificate.MatchesHostname(name, allowWildcards: true, allowCommonName: false))
            {
                return true;
            }
        }

        return false;
    }
}
