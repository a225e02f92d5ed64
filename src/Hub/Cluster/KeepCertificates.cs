// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Tutti.Contracts.Server.V1;
using Tutti.Hub.Components;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Transport;

namespace Tutti.Hub.Cluster;

/// <summary>
/// Renews every certificate at two thirds of its life, over the running corridor and with a key made anew on its server, and
/// brings list and revocations to those that were away when they changed. What fails is tried again an hour later.
/// </summary>
internal sealed partial class KeepCertificates(
    OwnAuthority authority, IssuedStore issued, SpreadList spread, RevokeCertificate revoke, Peers peers, TimeProvider clock, ILogger<KeepCertificates> logger)
{
    private static readonly TimeSpan _retry = TimeSpan.FromHours(1);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, DateTimeOffset> _failed = [];
    private readonly Dictionary<string, string> _told = [];

    /// <summary>One look at all of them.</summary>
    public async Task Handle(CancellationToken cancellationToken)
    {
        if (!authority.IsThere || authority.Home.Hub is null)
        {
            return;
        }

        var known = (await issued.All(cancellationToken)).ToDictionary(each => each.Serial, StringComparer.OrdinalIgnoreCase);
        // One that is not in the records was made by hand while the hub could not start.
        if (authority.Home.Certificate is { } own && (!known.ContainsKey(own.SerialNumber) || IsDue(known, own.SerialNumber, authority.OwnName)))
        {
            await RenewOwn(cancellationToken);
        }

        var list = await revoke.List(cancellationToken);
        var mark = string.Join(',', known.Values.Where(each => each.RevokedAt is not null).Select(each => each.Serial));
        foreach (var member in await spread.Members(cancellationToken))
        {
            CorridorStatus? corridor = null;
            var problem = await spread.Try(
                member,
                async (_, deadline) => corridor = (await new Server.ServerClient(peers.DialSecured(member.Host, member.Port)).GetStatusAsync(new StatusRequest(), deadline: deadline, cancellationToken: cancellationToken)).Corridor,
                cancellationToken);
            if (problem is not null || corridor is null)
            {
                // It is told when it is back.
                _told.Remove(member.Address);
                continue;
            }

            await Bring(member, corridor, list, mark, cancellationToken);
            if (HostNames.TryNormalize(member.Host, out var name) && IsDue(known, corridor.Serial, name))
            {
                await Renew(member, name, cancellationToken);
            }
        }
    }

    private bool IsDue(Dictionary<string, IssuedCertificate> known, string serial, string host)
    {
        var now = clock.GetUtcNow();
        return known.TryGetValue(serial, out var certificate) && certificate.RenewAt <= now && !(_failed.TryGetValue(host, out var at) && now - at < _retry);
    }

    private async Task Bring(KnownServer member, CorridorStatus corridor, byte[]? list, string mark, CancellationToken cancellationToken)
    {
        var allowed = authority.Home.Allowed;
        if (!corridor.Allowed.SequenceEqual(allowed, StringComparer.Ordinal) && await spread.Tell(member, allowed, cancellationToken) is null)
        {
            LogTold(member.Address);
        }

        if (list is not null && _told.GetValueOrDefault(member.Address) != mark && await revoke.Tell(member, list, cancellationToken) is null)
        {
            _told[member.Address] = mark;
        }
    }

    private async Task RenewOwn(CancellationToken cancellationToken)
    {
        if (!authority.Read().Is(out var signer, out var refusal)
            || !authority.Home.RequestRenewal().Is(out var request, out refusal)
            || !(await authority.Sign(request, authority.OwnName, cancellationToken)).Is(out var certificate, out refusal)
            || !authority.Home.InstallRenewal(certificate, [signer.Root]).Is(out certificate, out refusal))
        {
            Fail(authority.OwnName, refusal.Message);
            return;
        }

        await spread.ReloadOwn(cancellationToken);
        _failed.Remove(authority.OwnName);
        LogRenewed(authority.OwnName, certificate.SerialNumber, certificate.NotAfter.ToUniversalTime());
    }

    private async Task Renew(KnownServer member, string name, CancellationToken cancellationToken)
    {
        var problem = await spread.Try(
            member,
            async (client, deadline) =>
            {
                var request = (await client.RequestCertificateAsync(new CertificateRequest(), deadline: deadline, cancellationToken: cancellationToken)).SigningRequest;
                if (!authority.Read().Is(out var signer, out var refusal) || !(await authority.Sign(request, name, cancellationToken)).Is(out var certificate, out refusal))
                {
                    throw Wiring.Outcomes.RefusedCall.Of(refusal);
                }

                var install = new InstallRequest { Certificate = ByteString.CopyFrom(certificate.RawData), Roots = { ByteString.CopyFrom(signer.Root.RawData) } };
                await client.InstallCertificateAsync(install, deadline: clock.GetUtcNow().UtcDateTime + _patience, cancellationToken: cancellationToken);
                LogRenewed(name, certificate.SerialNumber, certificate.NotAfter.ToUniversalTime());
            },
            cancellationToken);
        if (problem is null)
        {
            _failed.Remove(name);
        }
        else
        {
            Fail(name, problem);
        }
    }

    private void Fail(string host, string problem)
    {
        _failed[host] = clock.GetUtcNow();
        LogNotRenewed(host, problem);
    }

    [LoggerMessage(2301, LogLevel.Information, "The certificate of {Host} was renewed: {Serial}, good until {End:yyyy-MM-dd HH:mm} UTC", EventName = "hub.cluster.renewed")]
    private partial void LogRenewed(string host, string serial, DateTime end);

    [LoggerMessage(2302, LogLevel.Warning, "The certificate of {Host} could not be renewed; it is tried again in an hour: {Problem}", EventName = "hub.cluster.not-renewed")]
    private partial void LogNotRenewed(string host, string problem);

    [LoggerMessage(2303, LogLevel.Information, "{Server} has the list of all servers again", EventName = "hub.cluster.told")]
    private partial void LogTold(string server);
}
