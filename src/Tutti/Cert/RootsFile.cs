// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Cert;

/// <summary>The keystore of trusted roots on disk, while it is being changed.</summary>
internal sealed class RootsFile
{
    private readonly CertSettings _settings;
    private readonly List<TrustedEntry> _entries;

    private RootsFile(CertSettings settings, string path, IEnumerable<TrustedEntry> entries) => (_settings, Path, _entries) = (settings, path, [.. entries]);

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>What is trusted.</summary>
    public IReadOnlyList<TrustedEntry> Entries => _entries;

    /// <summary>Reads it; a file that is missing counts as empty and is written with the first change.</summary>
    public static RootsFile Open(CertSettings settings)
    {
        var read = TrustedRoots.Read(settings.Home, settings.Server);
        return read is { IsRefused: true, Refusal.Code: "ssl.trust-missing" }
            ? new RootsFile(settings, settings.Home.Resolve(settings.Server.TrustedRootsPath), [])
            : new RootsFile(settings, read.OrComplain().Path, read.Value.Entries);
    }

    /// <summary>True if this very certificate is trusted already.</summary>
    public bool Holds(X509Certificate2 certificate) => _entries.Exists(entry => entry.Certificate.Thumbprint == certificate.Thumbprint);

    /// <summary>Adds a root.</summary>
    /// <returns>The name of its entry.</returns>
    public string Add(NewRoot root)
    {
        var alias = root.FreeAlias(_entries);
        _entries.Add(new TrustedEntry(alias, root.Certificate));
        return alias;
    }

    /// <summary>Takes an entry away.</summary>
    public void Remove(TrustedEntry entry) => _entries.Remove(entry);

    /// <summary>Writes it with the password it has.</summary>
    /// <returns>Where the old one was kept, or null if there was none.</returns>
    public string? Save() => PrivateFile.Replace(Path, Content(_settings.Server.TrustedRootsPassword.Reveal()), _settings.Clock.GetUtcNow());

    /// <summary>The bytes of the file with a password.</summary>
    public byte[] Content(string password) => Pkcs12Writer.Write([], _entries, password);
}
