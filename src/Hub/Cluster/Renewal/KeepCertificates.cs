// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Tutti.Contracts.Server.V1;
using Tutti.Hub.Cluster.Rotation;
using Tutti.Hub.Components;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Transport;

namespace Tutti.Hub.Cluster.Renewal;

/// <summary>
/// Renews every certificate at two thirds of its life, over the running corridor and with a key made anew on its server, and
/// brings list and revocations to those that were away when they changed. What fails is tried again an hour later, or where
/// certificates live shortly after a sixtieth of that.
/// </summary>
internal sealed partial class KeepCertificates(
    OwnAuthority authority, IssuedStore issued, SpreadList spread, RenewCertificate renew, RotateAuthority rotate, RevokeCertificate revoke, Peers peers, ClusterSettings settings, TimeProvider clock, ILogger<KeepCertificates> logger)
{
    private const string Own = "";
    private static readonly TimeSpan _longestRetry = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, string Problem)> _failed = [];
    private readonly Dictionary<string, string> _told = [];

    private TimeSpan Retry => settings.CertificateLife / 60 < _longestRetry ? settings.CertificateLife / 60 : _longestRetry;

    /// <summary>Why the last renewal of a host failed, or null.</summary>
    public string? ProblemOf(string host) => _failed.TryGetValue(host, out var failed) ? failed.Problem : null;

    /// <summary>One look at all of them.</summary>
    public async Task Handle(CancellationToken cancellationToken)
    {
        if (!authority.IsThere || authority.Home.Hub is null)
        {
            return;
        }

        await rotate.Continue(cancellationToken);
        var known = (await issued.All(cancellationToken)).ToDictionary(each => each.Serial, StringComparer.OrdinalIgnoreCase);
        // One that is not in the records was made by hand while the hub could not start.
        if (authority.Home.Certificate is { } own && (!known.ContainsKey(own.SerialNumber) || IsDue(known, own.SerialNumber, authority.OwnName)))
        {
            Keep(authority.OwnName, await renew.Own(cancellationToken));
        }

        var list = await revoke.List(cancellationToken);
        // Another authority signs the same list anew.
        var signers = authority.Read().Is(out var signer, out _) ? signer.Trusted.Select(root => root.Thumbprint) : [];
        var mark = string.Join(',', known.Values.Where(each => each.RevokedAt is not null).Select(each => each.Serial).Concat(signers));
        if (list is not null && _told.GetValueOrDefault(Own) != mark)
        {
            // The hub may have come to a server that has not seen it.
            authority.Home.SetRevoked(list);
            await spread.ReloadOwn(cancellationToken);
            _told[Own] = mark;
        }

        foreach (var host in (await spread.Members(cancellationToken)).GroupBy(member => HostNames.TryNormalize(member.Host, out var name) ? name : member.Host))
        {
            var isDue = false;
            foreach (var member in host)
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
                isDue |= IsDue(known, corridor.Serial, host.Key);
            }

            if (isDue)
            {
                Keep(host.Key, await renew.Of(host.Key, [.. host], cancellationToken));
            }
        }
    }

    private bool IsDue(Dictionary<string, IssuedCertificate> known, string serial, string host)
    {
        var now = clock.GetUtcNow();
        return known.TryGetValue(serial, out var certificate) && certificate.RenewAt <= now && !(_failed.TryGetValue(host, out var failed) && now - failed.At < Retry);
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

    private void Keep(string host, string? problem)
    {
        if (problem is null)
        {
            _failed.TryRemove(host, out _);
            return;
        }

        _failed[host] = (clock.GetUtcNow(), problem);
        LogNotRenewed(host, problem);
    }

    [LoggerMessage(2302, LogLevel.Warning, "The certificate of {Host} could not be renewed; it is tried again later: {Problem}", EventName = "hub.cluster.not-renewed")]
    private partial void LogNotRenewed(string host, string problem);

    [LoggerMessage(2303, LogLevel.Information, "{Server} has the list of all servers again", EventName = "hub.cluster.told")]
    private partial void LogTold(string server);
}
