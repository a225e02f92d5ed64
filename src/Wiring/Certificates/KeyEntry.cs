// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;

namespace Tutti.Wiring.Certificates;

/// <summary>A private key of a keystore with its certificate.</summary>
/// <param name="Alias">The name of the entry, as <c>keytool</c> shows it.</param>
/// <param name="Certificate">The certificate, with its private key.</param>
/// <param name="Chain">The intermediates below which it stands, nearest first, without the root: what is sent along.</param>
public sealed record KeyEntry(string Alias, X509Certificate2 Certificate, IReadOnlyList<X509Certificate2> Chain)
{
    /// <summary>The root above the chain, if the keystore holds it: never sent, but kept when the file is written again.</summary>
    public X509Certificate2? Root { get; init; }
}

/// <summary>A certificate of a keystore that is trusted as such.</summary>
/// <param name="Alias">The name of the entry, as <c>keytool</c> shows it.</param>
/// <param name="Certificate">The certificate, without a private key.</param>
public sealed record TrustedEntry(string Alias, X509Certificate2 Certificate);
