// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Tutti.Commands.Cert;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Joining;

namespace Tutti.Commands.Moving;

/// <summary>
/// The installation's own authority, which comes along with HUB. All servers know their hub by its name: another name counts where it was
/// announced to them before the export; then the authority itself signs the certificate of HUB's new server.
/// </summary>
internal sealed class ImportedAuthority(HomeFolder home, string archive, MoveManifest manifest, TimeProvider clock)
{
    private const string Key = "hub/data/authority.p12";

    private bool IsThere => manifest.Files.Any(file => file.Path == Key);

    /// <summary>Sees to it that the servers let the hub in under its new name.</summary>
    /// <param name="name">The name of the server that it comes to.</param>
    /// <exception cref="Complaint">They would not.</exception>
    public void Check(string name)
    {
        if (IsThere && !string.Equals(name, manifest.Host, StringComparison.OrdinalIgnoreCase) && !IsAnnounced(name))
        {
            throw new Complaint(
                ExitCode.Refused,
                $"{archive} holds the installation's own authority, whose hub is known to all servers as {manifest.Host}; as {name} it could renew no certificate and change no list. On the old server: tutti move cancel hub, start it, tutti cluster announce {name}, and export again. Or let the name {manifest.Host} lead to the new host and import with --host {manifest.Host}. Nothing was changed.");
        }
    }

    /// <summary>Gives the server a certificate, the roots and the list, if it has none of its own.</summary>
    /// <param name="unpacked">HUB as it is in the archive.</param>
    public void Certify(ComponentFolder unpacked)
    {
        // A new server lists no component yet, and is read as it will be.
        var environment = new Hashtable(Environment.GetEnvironmentVariables()) { ["TUTTI_SERVER_COMPONENTS"] = string.Join(',', manifest.Components) };
        var name = ServerConfiguration.Read(home, environment).Common.HostName;
        if (!IsThere || !IsAnnounced(name) || !HostNames.TryNormalize(name, out var own))
        {
            return;
        }

        var files = new ClusterHome(home, environment, clock);
        if (files.IsSecured || files.IsPrepared)
        {
            files.SetHub(own);
            return;
        }

        var now = clock.GetUtcNow();
        using var authority = CertificateAuthority.Read(unpacked.Data).OrComplain();
        var key = NewKey.Create("server", [own], NewKeyType.Ec256, now);

        // The hub, once it runs, puts one in its place that it has in its records.
        var certificate = authority.Sign(NewKey.SigningRequest(key), own, now, CertificateAuthority.CertificateLife).OrComplain();
        files.Take(key, new ClusterGrant(certificate, authority.Trusted, manifest.Cluster!.Allowed, own, manifest.Cluster.IsSecured)).OrComplain();
    }

    private bool IsAnnounced(string name) => HostNames.TryNormalize(name, out var host) && manifest.Cluster?.Allowed.Contains(host, StringComparer.Ordinal) == true;
}
