// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Joining;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Cluster;

/// <summary>The authority whose key lies in HUB's data: signs, and keeps what it signed.</summary>
internal sealed class OwnAuthority(ComponentFolder folder, HomeFolder home, ServerConfiguration server, IssuedStore issued, ClusterSettings settings, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private CertificateAuthority? _authority;

    /// <summary>The files of this server.</summary>
    public ClusterHome Home { get; } = new(home, Environment.GetEnvironmentVariables(), clock);

    /// <summary>This server's name, normalised; empty if it is none.</summary>
    public string OwnName => HostNames.TryNormalize(server.Common.HostName, out var name) ? name : "";

    /// <summary>True if there is one.</summary>
    public bool IsThere => CertificateAuthority.IsIn(folder.Data);

    /// <summary>The authority, or why there is none.</summary>
    public Outcome<CertificateAuthority> Read()
    {
        lock (_gate)
        {
            if (_authority is null)
            {
                if (!CertificateAuthority.Read(folder.Data).Is(out var read, out var refusal))
                {
                    return refusal;
                }

                _authority = read;
            }

            return _authority;
        }
    }

    /// <summary>Makes it, or gives the one that is there.</summary>
    /// <param name="domains">The domains it may sign for; empty for no limits.</param>
    public Outcome<CertificateAuthority> ReadOrMake(IReadOnlyList<string> domains)
    {
        lock (_gate)
        {
            if (!IsThere)
            {
                using var made = CertificateAuthority.Create($"Tutti authority of {server.Common.HostName}", domains, clock.GetUtcNow());
                made.Save(folder.Data);
            }
        }

        return Read();
    }

    /// <summary>Puts a next authority beside it. Servers and revocation lists tell authorities apart by their names, so this one has the moment in it.</summary>
    public CertificateAuthority AddNext(IReadOnlyList<string> domains)
    {
        var now = clock.GetUtcNow();
        return Replace(there => there.WithNext(string.Create(CultureInfo.InvariantCulture, $"Tutti authority of {server.Common.HostName} {now.UtcDateTime:yyyy-MM-dd HH:mm:ss}"), domains, now));
    }

    /// <summary>Writes what it is from now on, in one step.</summary>
    public CertificateAuthority Replace(Func<CertificateAuthority, CertificateAuthority> change)
    {
        lock (_gate)
        {
            _authority = change(_authority ?? throw new InvalidOperationException("It has not been read."));
            _authority.Save(folder.Data);
            return _authority;
        }
    }

    /// <summary>Signs a certificate and keeps that it did, in the other order.</summary>
    public async Task<Outcome<X509Certificate2>> Sign(string signingRequest, string host, CancellationToken cancellationToken)
    {
        if (!Read().Is(out var authority, out var refusal) || !authority.Sign(signingRequest, host, clock.GetUtcNow(), settings.CertificateLife).Is(out var certificate, out refusal))
        {
            return refusal;
        }

        await issued.Add(certificate, host, cancellationToken);
        return certificate;
    }
}
