// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor.Ini;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Joining;

/// <summary>What HUB gives to a server that it lets in.</summary>
/// <param name="Certificate">Signed for the server's key.</param>
/// <param name="Roots">What it is to trust.</param>
/// <param name="Allowed">Host names of all servers, itself included.</param>
/// <param name="Hub">The server that may change all this later.</param>
/// <param name="IsSecured">False while the installation is plain: what is given waits for the switch.</param>
public sealed record ClusterGrant(X509Certificate2 Certificate, IReadOnlyList<X509Certificate2> Roots, IReadOnlyList<string> Allowed, string Hub, bool IsSecured);

/// <summary>What HUB gives to a server of an installation whose certificates come from an authority outside.</summary>
/// <param name="Roots">What it is to trust.</param>
/// <param name="Allowed">Host names of all servers, itself included.</param>
/// <param name="AcceptsServerOnly">What <c>AcceptServerOnlyCertificates</c> is at the others.</param>
public sealed record OutsideGrant(IReadOnlyList<X509Certificate2> Roots, IReadOnlyList<string> Allowed, bool AcceptsServerOnly);

/// <summary>
/// The files that make a server one of an installation with an authority of its own. Each is written whole or not at all, and
/// in an order in which a kill in between leaves something that the same step, done again, completes.
/// </summary>
public sealed class ClusterHome(HomeFolder home, IDictionary environment, TimeProvider clock)
{
    private const string HubKey = "Hub";
    private const string Alias = "server";
    private const string Interim = ".new";

    /// <summary>The list, the keystore and its password, as they will count from the switch on: <c>conf/prepared-ssl.ini</c>.</summary>
    public static string PreparedIn(HomeFolder home)
    {
        ArgumentNullException.ThrowIfNull(home);
        return home.Resolve("conf/prepared-ssl.ini");
    }

    /// <summary>True if the next start would be secured.</summary>
    public bool IsSecured => File.Exists(home.SslIni);

    /// <summary>True if this server is plain, with everything ready for the switch.</summary>
    public bool IsPrepared => !IsSecured && File.Exists(PreparedIn(home));

    /// <summary>The server that let this one in; null if none did.</summary>
    public string? Hub => File.Exists(MembershipPath) ? IniFile.Read(MembershipPath).Find(HubKey)?.Value : null;

    /// <summary>Host names of all servers, as this one knows them.</summary>
    public IReadOnlyList<string> Allowed => Entry(SslIni.ClientsKey)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private string MembershipPath => home.Resolve("conf/cluster.ini");

    private string IniPath => IsSecured || !File.Exists(PreparedIn(home)) ? home.SslIni : PreparedIn(home);

    private string KeystorePath => Entry(SslIni.PathKey) ?? home.Resolve("conf/keystore.p12");

    private string RenewalPath => home.Resolve("conf/renewal.p12");

    /// <summary>This server's certificate as the files have it; null where there is none.</summary>
    public X509Certificate2? Certificate => Password is { } password && Keystore.Read(KeystorePath, password).Is(out var keystore, out _)
        ? keystore.Keys.Select(key => key.Certificate).OrderByDescending(certificate => certificate.NotBefore).FirstOrDefault()
        : null;

    private string? Password => Entry(SslIni.PasswordKey) switch
    {
        null => null,
        ['f', 'i', 'l', 'e', ':', .. var path] => File.Exists(path) ? File.ReadLines(path).FirstOrDefault() : null,
        var word => word,
    };

    /// <summary>Writes everything that was given, after the checks of a start: roots, keystore, who gave it, and last the file that makes the server secured.</summary>
    /// <returns>The certificate, or why it is not good here; then nothing was written.</returns>
    public Outcome<X509Certificate2> Take(KeyEntry key, ClusterGrant grant)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(grant);
        var server = ServerConfiguration.Read(home, environment).Common;
        if (!Fit(key, grant.Certificate, grant.Roots, server.HostName).Is(out var fitted, out var refusal))
        {
            return refusal;
        }

        if (CheckOwnName(grant.Allowed) is { } nameless)
        {
            return nameless;
        }

        if (Trust(grant.Roots, []) is { } distrust)
        {
            return distrust;
        }

        var now = clock.GetUtcNow();
        var password = Password ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        PrivateFile.Replace(KeystorePath, Pkcs12Writer.Write([fitted], [], password), now);
        SetHub(grant.Hub);
        WriteIni(grant.IsSecured || IsSecured ? home.SslIni : PreparedIn(home), grant.Allowed, password);
        return fitted.Certificate;
    }

    /// <summary>
    /// Writes what was given where an authority outside has yet to sign this server's certificate: roots, and last the list with place and password of
    /// the keystore to come. From then on a start is refused until the certificate is there.
    /// </summary>
    public Refusal? Take(OutsideGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        if (CheckOwnName(grant.Allowed) is { } nameless)
        {
            return nameless;
        }

        if (grant.Roots.Count == 0)
        {
            return NoRoots;
        }

        if (Trust(grant.Roots, []) is { } distrust)
        {
            return distrust;
        }

        if (grant.AcceptsServerOnly)
        {
            PrivateFile.Replace(home.ServerIni, Encoding.UTF8.GetBytes(IniEdit.Set(File.ReadAllText(home.ServerIni), nameof(ServerSettings.AcceptServerOnlyCertificates), "yes")));
        }

        WriteIni(home.SslIni, grant.Allowed, Password ?? RandomNumberGenerator.GetHexString(32, lowercase: true));
        return null;
    }

    /// <summary>Writes down which server let this one in.</summary>
    public void SetHub(string hub) => PrivateFile.Replace(
        MembershipPath, Encoding.UTF8.GetBytes(IniEdit.Set("# Written by tutti: which server let this one into the installation, and may renew its certificate and change the list.\n", HubKey, hub)));

    private void WriteIni(string path, IReadOnlyList<string> allowed, string password)
    {
        var text = File.Exists(IniPath) ? File.ReadAllText(IniPath) : "# Secures the ports between the servers. Written by tutti; it keeps other lines when it changes one.\n";
        text = IniEdit.Set(text, SslIni.ClientsKey, string.Join(',', allowed));
        text = IniEdit.Set(text, SslIni.PathKey, KeystorePath);
        text = IniEdit.Set(text, SslIni.PasswordKey, Entry(SslIni.PasswordKey) ?? password);
        PrivateFile.Replace(path, Encoding.UTF8.GetBytes(text));
        if (path == home.SslIni)
        {
            File.Delete(PreparedIn(home));
        }
    }

    private Refusal? CheckOwnName(IReadOnlyList<string> allowed)
    {
        var name = ServerConfiguration.Read(home, environment).Common.HostName;
        return HostNames.TryNormalize(name, out var own) && allowed.Contains(own, StringComparer.Ordinal)
            ? null
            : new Refusal(RefusalKind.Invalid, "ssl.own-name-missing", $"The list of servers lacks {name}, this server's own name.");
    }

    /// <summary>Changes the list. Refusals: <c>cluster.not-a-member</c>, <c>ssl.own-name-missing</c>.</summary>
    public Refusal? SetAllowed(IReadOnlyList<string> allowed)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        if (!File.Exists(IniPath))
        {
            return NotAMember;
        }

        if (CheckOwnName(allowed) is { } nameless)
        {
            return nameless;
        }

        if (!allowed.SequenceEqual(Allowed, StringComparer.Ordinal))
        {
            PrivateFile.Replace(IniPath, Encoding.UTF8.GetBytes(IniEdit.Set(File.ReadAllText(IniPath), SslIni.ClientsKey, string.Join(',', allowed))));
        }

        return null;
    }

    /// <summary>A signing request for a new key, which is kept beside the keystore until a certificate came for it.</summary>
    public Outcome<string> RequestRenewal()
    {
        if (Password is not { } password)
        {
            return NotAMember;
        }

        // One whose certificate is installed already was left by a kill; the next certificate gets a key of its own.
        if (Keystore.Read(RenewalPath, password).Is(out var kept, out _) && kept.Keys is [var waiting]
            && Certificate?.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(waiting.Certificate.PublicKey.ExportSubjectPublicKeyInfo()) != true)
        {
            return NewKey.SigningRequest(waiting);
        }

        var entry = NewKey.Create(Alias, [ServerConfiguration.Read(home, environment).Common.HostName], NewKeyType.Ec256, clock.GetUtcNow());
        PrivateFile.Replace(RenewalPath, Pkcs12Writer.Write([entry], [], password));
        return NewKey.SigningRequest(entry);
    }

    /// <summary>Puts a renewed certificate with its key in the place of the old one, if a start would accept it.</summary>
    public Outcome<X509Certificate2> InstallRenewal(X509Certificate2 certificate, IReadOnlyList<X509Certificate2> roots)
    {
        if (Password is not { } password)
        {
            return NotAMember;
        }

        if (!Keystore.Read(RenewalPath, password).Is(out var kept, out _) || kept.Keys is not [var waiting])
        {
            return new Refusal(RefusalKind.Conflict, "cluster.no-request", "This server has not asked for a certificate, or got it already.");
        }

        if (!Fit(waiting, certificate, roots, ServerConfiguration.Read(home, environment).Common.HostName).Is(out var fitted, out var refusal))
        {
            return refusal;
        }

        PrivateFile.Replace(KeystorePath, Pkcs12Writer.Write([fitted], [], password));
        File.Delete(RenewalPath);
        return fitted.Certificate;
    }

    /// <summary>Keeps the authority's list of revoked certificates where the corridor reads such lists.</summary>
    public void SetRevoked(ReadOnlySpan<byte> list)
    {
        Directory.CreateDirectory(home.Resolve("conf/crl"));
        PrivateFile.Replace(home.Resolve("conf/crl/authority.crl"), list);
    }

    private static Refusal NotAMember => new(RefusalKind.Conflict, "cluster.not-a-member", "This server has not joined: it has no commands/ssl.ini of an installation with an authority of its own.");

    private static Refusal NoRoots => new(RefusalKind.Invalid, "ssl.trust-empty", "A server that trusts no root would refuse everybody.");

    private string? Entry(string key) => File.Exists(IniPath) ? IniFile.Read(IniPath).Find(key)?.Value : null;

    private Outcome<KeyEntry> Fit(KeyEntry key, X509Certificate2 certificate, IReadOnlyList<X509Certificate2> roots, string hostName)
    {
        var keystore = new Keystore(KeystorePath, [key], [], []);
        var rules = new CertificateRules(roots, clock.GetUtcNow()) { Home = home.Path };
        return SignedCertificate.Fit(keystore, null, [certificate], hostName, CertificateUse.Own, rules).Is(out var fitted, out var refusal)
            ? fitted.Entry with { Alias = Alias }
            : refusal;
    }

    /// <summary>Adds roots to those that are trusted, and takes others out. Refusals: <c>cluster.not-a-member</c>, <c>ssl.trust-empty</c>, those of reading the file.</summary>
    /// <param name="roots">What is to be trusted.</param>
    /// <param name="dropped">SHA-256 of what is to be trusted no longer, hexadecimal.</param>
    public Refusal? SetRoots(IReadOnlyList<X509Certificate2> roots, IReadOnlyList<string> dropped)
    {
        ArgumentNullException.ThrowIfNull(roots);
        ArgumentNullException.ThrowIfNull(dropped);
        return !File.Exists(IniPath) ? NotAMember
            : roots.Count == 0 ? NoRoots
            : Trust(roots, dropped);
    }

    /// <summary>Adds roots to those that are trusted, and takes others out. The well-known password goes with the first of them.</summary>
    private Refusal? Trust(IReadOnlyList<X509Certificate2> roots, IReadOnlyList<string> dropped)
    {
        var server = ServerConfiguration.Read(home, environment).Common;
        var read = TrustedRoots.Read(home, server);
        if (read.IsRefused && read.Refusal.Code != "ssl.trust-missing")
        {
            return read.Refusal;
        }

        var path = home.Resolve(server.TrustedRootsPath);
        var entries = read.IsRefused ? [] : read.Value.Entries.ToList();
        var before = entries.Count;
        entries.RemoveAll(entry => dropped.Contains(Convert.ToHexString(SHA256.HashData(entry.Certificate.RawData))));
        if (!read.IsRefused && entries.Count == before && roots.All(root => entries.Exists(entry => entry.Certificate.Thumbprint == root.Thumbprint)))
        {
            return null;
        }

        foreach (var root in roots.Where(root => !entries.Exists(entry => entry.Certificate.Thumbprint == root.Thumbprint)))
        {
            if (!NewRoot.Judge(root, clock.GetUtcNow()).Is(out var judged, out var refusal))
            {
                return refusal;
            }

            entries.Add(new TrustedEntry(judged.FreeAlias(entries), root));
        }

        var password = server.TrustedRootsPassword.Reveal();
        if (password != TrustedRoots.ShippedPassword || environment.Contains("TUTTI_SERVER_TRUSTEDROOTSPASSWORD"))
        {
            PrivateFile.Replace(path, Pkcs12Writer.Write([], entries, password));
            return null;
        }

        // Path and password have to change in one step: for a moment the new file has another name.
        password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var content = Pkcs12Writer.Write([], entries, password);
        PrivateFile.Replace(path + Interim, content);
        WriteRoots(path + Interim, password);
        PrivateFile.Replace(path, content);
        WriteRoots(path, password);
        File.Delete(path + Interim);
        return null;
    }

    private void WriteRoots(string path, string password)
    {
        var text = IniEdit.Set(File.ReadAllText(home.ServerIni), nameof(ServerSettings.TrustedRootsPath), Path.GetRelativePath(home.Path, path));
        PrivateFile.Replace(home.ServerIni, Encoding.UTF8.GetBytes(IniEdit.Set(text, nameof(ServerSettings.TrustedRootsPassword), password)));
    }
}
