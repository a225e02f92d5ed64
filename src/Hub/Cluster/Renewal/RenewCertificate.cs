// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Tutti.Contracts.Server.V1;
using Tutti.Hub.Audit;
using Tutti.Hub.Components;
using Tutti.Hub.Servers;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Cluster.Renewal;

/// <summary>Whose certificate is a new one now, and whose could not be renewed and why.</summary>
internal sealed record RenewedCertificates(IReadOnlyList<string> Renewed, IReadOnlyList<(string Host, string Problem)> Failed);

/// <summary>Gives a server a new certificate over the running corridor, for a key made anew there. Killed in between, the same again completes it.</summary>
internal sealed partial class RenewCertificate(OwnAuthority authority, SpreadList spread, AuditStore audit, TimeProvider clock, ILogger<RenewCertificate> logger)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <param name="Host">Whose; null for all.</param>
    /// <param name="Who">Who wants it.</param>
    public sealed record Command(string? Host, Doer Who);

    /// <summary>Renews now, however long the certificates are still good.</summary>
    public async Task<Outcome<RenewedCertificates>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!authority.Read().Is(out _, out var refusal))
        {
            return refusal;
        }

        _ = HostNames.TryNormalize(command.Host, out var wanted);
        var hosts = (await spread.Members(cancellationToken))
            .GroupBy(member => HostNames.TryNormalize(member.Host, out var name) ? name : member.Host)
            .Where(host => command.Host is null || host.Key == wanted)
            .ToList();
        var isOwnWanted = command.Host is null || wanted == authority.OwnName;
        if (hosts.Count == 0 && !isOwnWanted)
        {
            return ServerRefusals.Unknown(command.Host!);
        }

        List<string> renewed = [];
        List<(string, string)> failed = [];
        if (isOwnWanted)
        {
            Note(authority.OwnName, await Own(cancellationToken));
        }

        foreach (var host in hosts)
        {
            Note(host.Key, await Of(host.Key, [.. host], cancellationToken));
        }

        await audit.Add("cluster.renewed", command.Who.Account, command.Who.From, string.Join(", ", renewed), cancellationToken);
        return new RenewedCertificates(renewed, failed);

        void Note(string host, string? problem)
        {
            if (problem is null)
            {
                renewed.Add(host);
            }
            else
            {
                failed.Add((host, problem));
            }
        }
    }

    /// <summary>The certificate of HUB's own server.</summary>
    /// <returns>Why it could not be renewed, or null.</returns>
    public async Task<string?> Own(CancellationToken cancellationToken)
    {
        if (!authority.Read().Is(out var signer, out var refusal)
            || !authority.Home.RequestRenewal().Is(out var request, out refusal)
            || !(await authority.Sign(request, authority.OwnName, cancellationToken)).Is(out var certificate, out refusal)
            || !authority.Home.InstallRenewal(certificate, [signer.Root]).Is(out certificate, out refusal))
        {
            return refusal.Message;
        }

        await spread.ReloadOwn(cancellationToken);
        LogRenewed(authority.OwnName, certificate.SerialNumber, certificate.NotAfter.ToUniversalTime());
        return null;
    }

    /// <summary>The certificate of another server: one of its processes installs it, the others only read it.</summary>
    /// <returns>Why it could not be renewed, or null.</returns>
    public async Task<string?> Of(string name, IReadOnlyList<KnownServer> processes, CancellationToken cancellationToken)
    {
        string? problem = null;
        foreach (var process in processes)
        {
            problem = await spread.Try(process, (client, deadline) => Renew(client, name, deadline, cancellationToken), cancellationToken);
            if (problem is null)
            {
                foreach (var other in processes.Where(other => other.Address != process.Address))
                {
                    // Who gets the list looks at all files anew; one that is away does so by itself.
                    await spread.Tell(other, authority.Home.Allowed, cancellationToken);
                }

                return null;
            }
        }

        return problem;
    }

    private async Task Renew(Contracts.Server.V1.Cluster.ClusterClient client, string name, DateTime deadline, CancellationToken cancellationToken)
    {
        var request = (await client.RequestCertificateAsync(new CertificateRequest(), deadline: deadline, cancellationToken: cancellationToken)).SigningRequest;
        if (!authority.Read().Is(out var signer, out var refusal) || !(await authority.Sign(request, name, cancellationToken)).Is(out var certificate, out refusal))
        {
            throw RefusedCall.Of(refusal);
        }

        var install = new InstallRequest { Certificate = ByteString.CopyFrom(certificate.RawData), Roots = { ByteString.CopyFrom(signer.Root.RawData) } };
        await client.InstallCertificateAsync(install, deadline: clock.GetUtcNow().UtcDateTime + _patience, cancellationToken: cancellationToken);
        LogRenewed(name, certificate.SerialNumber, certificate.NotAfter.ToUniversalTime());
    }

    [LoggerMessage(2301, LogLevel.Information, "The certificate of {Host} was renewed: {Serial}, good until {End:yyyy-MM-dd HH:mm} UTC", EventName = "hub.cluster.renewed")]
    private partial void LogRenewed(string host, string serial, DateTime end);
}
