// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Security.Cryptography;
using System.Text;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor.Ini;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Corridor;

/// <summary>What reading the files of a secured server came to.</summary>
/// <param name="Identity">The set, if nothing is refused.</param>
/// <param name="Refusals">All that does not let this server start.</param>
/// <param name="Warnings">What should be mended.</param>
internal sealed record IdentityReading(CorridorIdentity? Identity, IReadOnlyList<Complaint> Refusals, IReadOnlyList<Complaint> Warnings);

/// <summary>Reads own certificate, trusted roots and revocations as one set, at start and whenever one of the files has changed.</summary>
internal sealed class IdentityReader(HomeFolder home, ServerConfiguration server, IDictionary environment, TimeProvider clock)
{
    /// <summary>The folder of revocation lists.</summary>
    public string RevocationFolder => Path.Combine(home.Path, "conf", "crl");

    /// <summary>Reads all that an accepted <c>ssl.ini</c> leads to.</summary>
    public IdentityReading Read(SslIni ini)
    {
        List<Complaint> refusals = [];
        List<Complaint> warnings = [];
        var now = clock.GetUtcNow();
        var settings = ServerNow();
        CertificateRules? rules = null;
        if (TrustedRoots.ReadFilled(home, settings).Is(out var roots, out var refusal))
        {
            rules = new CertificateRules(roots.Certificates, now, server.Common.AcceptServerOnlyCertificates) { Home = home.Path };
            warnings.AddRange(FilePermissions.Check(roots.Path, "conf/server.ini", nameof(ServerSettings.TrustedRootsPath)));
        }
        else
        {
            refusals.Add(server.Complain(refusal.Field ?? nameof(ServerSettings.TrustedRootsPath), refusal.Message) with { Source = "conf/server.ini", Code = refusal.Code });
        }

        warnings.AddRange(ShippedPassword());
        if (Keystore.Read(ini.KeystorePath, ini.KeystorePassword.Reveal()).Is(out var keystore, out var unread))
        {
            warnings.AddRange(FilePermissions.Check(ini.KeystorePath, SslIni.Name, SslIni.PathKey));
            warnings.AddRange(keystore.Warnings.Select(words => new Complaint(SslIni.Name, ini.KeystoreLine, SslIni.PathKey, words)));
        }
        else
        {
            refusals.Add(OfKeystore(ini, unread));
        }

        if (rules is null || keystore is null)
        {
            return new IdentityReading(null, refusals, warnings);
        }

        if (!OwnCertificate.Choose(keystore, server.Common.HostName, CertificateUse.Own, rules).Is(out var own, out var unfit))
        {
            refusals.Add(OfKeystore(ini, unfit));
            return new IdentityReading(null, refusals, warnings);
        }

        var revoked = RevocationLists.Read(RevocationFolder, [.. rules.Roots, .. own.Path.Certificates.Skip(1)], now, warnings);
        return new IdentityReading(new CorridorIdentity(ini.AllowedClients, own, Others(keystore, own, rules), rules, revoked), refusals, warnings);
    }

    /// <summary>A warning as long as the trusted roots have the password they are shipped with, secured or plain.</summary>
    public IEnumerable<Complaint> ShippedPassword() => ServerNow().TrustedRootsPassword.Reveal() != TrustedRoots.ShippedPassword ? [] :
    [
        server.Complain(nameof(ServerSettings.TrustedRootsPassword), $"is the one that everybody knows. Change it: tutti cert secure-trust --home {home.Path}")
            with { Source = "conf/server.ini", Code = "ssl.trust-shipped-password" },
    ];

    /// <summary>A hash over the content of everything that the set is read from: the truth about whether something changed, since not every change raises an event.</summary>
    public string Fingerprint(SslIni? ini)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var settings = ServerNow();
        List<string> files = [home.SslIni, home.Resolve(settings.TrustedRootsPath)];
        hash.AppendData(Encoding.UTF8.GetBytes(settings.TrustedRootsPassword.Reveal()));
        if (ini is not null)
        {
            files.Add(ini.KeystorePath);
            hash.AppendData(Encoding.UTF8.GetBytes(ini.KeystorePassword.Reveal()));
        }

        if (Directory.Exists(RevocationFolder))
        {
            files.AddRange(Directory.EnumerateFiles(RevocationFolder).Order(StringComparer.Ordinal));
        }

        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file));
            try
            {
                hash.AppendData(File.ReadAllBytes(file));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                hash.AppendData("?"u8);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Path and password of the trusted roots may change together with the file while the server runs; all else counts from the next start.</summary>
    private ServerSettings ServerNow()
    {
        try
        {
            var now = ServerConfiguration.Read(home, environment).Common;
            return server.Common with { TrustedRootsPath = now.TrustedRootsPath, TrustedRootsPassword = now.TrustedRootsPassword };
        }
        catch (ConfigurationException)
        {
            // Half written, or wrong in something else: what counted at the start goes on to count.
            return server.Common;
        }
    }

    /// <summary>Further names of this server: entries of the keystore, or of the same certificate, that callers may ask for.</summary>
    private static Dictionary<string, OwnCertificate> Others(Keystore keystore, OwnCertificate own, CertificateRules rules)
    {
        Dictionary<string, OwnCertificate> others = [];
        var ownNames = CertificateNames.Of(own.Entry.Certificate);
        foreach (var name in keystore.Keys.SelectMany(entry => CertificateNames.Of(entry.Certificate)).Distinct(StringComparer.Ordinal).Except(ownNames))
        {
            // An entry that is not good for its own name is no reason to refuse the start: the server's name is served without it.
            if (OwnCertificate.Choose(keystore, name, CertificateUse.Own, rules).Is(out var other, out _))
            {
                others[name] = other;
            }
        }

        return others;
    }

    private static Complaint OfKeystore(SslIni ini, Refusal refusal)
    {
        var isPassword = refusal.Code is "ssl.keystore-password" or "ssl.key-password";
        return new Complaint(
            SslIni.Name,
            isPassword ? ini.PasswordLine : ini.KeystoreLine,
            isPassword ? SslIni.PasswordKey : SslIni.PathKey,
            refusal.Message + (isPassword ? ini.PasswordHint : ""),
            refusal.Code);
    }
}
