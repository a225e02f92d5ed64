// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Tutti.Contracts.Server.V1;
using Tutti.Hub.Audit;
using Tutti.Hub.Components;
using Tutti.Hub.Servers;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Cluster;

/// <summary>What was taken back, and who has not heard of it yet.</summary>
internal sealed record RevokedCertificates(IReadOnlyList<string> Serials, IReadOnlyList<string> NotTold);

/// <summary>Takes certificates back and spreads the authority's list; open connections of theirs end with it.</summary>
internal sealed class RevokeCertificate(OwnAuthority authority, IssuedStore issued, SpreadList spread, AuditStore audit, TimeProvider clock)
{
    public sealed record Command(string Which, Doer Who);

    public async Task<Outcome<RevokedCertificates>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!authority.Read().Is(out _, out var refusal))
        {
            return refusal;
        }

        _ = HostNames.TryNormalize(command.Which, out var host);
        var serial = command.Which.Replace(":", "", StringComparison.Ordinal);
        var now = clock.GetUtcNow();
        var wanted = (await issued.All(cancellationToken))
            .Where(each => each.RevokedAt is null && each.NotAfter > now && (each.Host == host || string.Equals(each.Serial, serial, StringComparison.OrdinalIgnoreCase)))
            .ToList();
        if (wanted.Count == 0)
        {
            return ClusterRefusals.Unknown(command.Which);
        }

        if (authority.Home.Certificate is { } own && wanted.Exists(each => string.Equals(each.Serial, own.SerialNumber, StringComparison.OrdinalIgnoreCase)))
        {
            return ClusterRefusals.OwnInUse(authority.OwnName);
        }

        foreach (var each in wanted)
        {
            await issued.Revoke(each.Serial, now, cancellationToken);
        }

        await audit.Add("cluster.revoked", command.Who.Account, command.Who.From, string.Join(", ", wanted.Select(each => $"{each.Host} {each.Serial}")), cancellationToken);
        return new RevokedCertificates([.. wanted.Select(each => each.Serial)], await Spread(cancellationToken));
    }

    /// <summary>Gives every server the list as it is now.</summary>
    /// <returns>Who could not be told.</returns>
    public async Task<IReadOnlyList<string>> Spread(CancellationToken cancellationToken)
    {
        if (await List(cancellationToken) is not { } list)
        {
            return [];
        }

        authority.Home.SetRevoked(list);
        await spread.ReloadOwn(cancellationToken);
        List<string> notTold = [];
        foreach (var member in await spread.Members(cancellationToken))
        {
            if (await Tell(member, list, cancellationToken) is not null)
            {
                notTold.Add(member.Address);
            }
        }

        return notTold;
    }

    /// <summary>The list as it is now; null if nothing was ever taken back.</summary>
    public async Task<byte[]?> List(CancellationToken cancellationToken)
    {
        var revoked = (await issued.All(cancellationToken)).Where(each => each.RevokedAt is not null).ToList();
        return revoked.Count > 0 && authority.Read().Is(out var signer, out _)
            ? signer.RevocationList(revoked.Select(each => (each.Serial, each.RevokedAt!.Value)), revoked.Count, revoked.Max(each => each.RevokedAt!.Value))
            : null;
    }

    /// <summary>Gives one server the list.</summary>
    public Task<string?> Tell(KnownServer server, byte[] list, CancellationToken cancellationToken) => spread.Try(
        server,
        async (client, deadline) => await client.SetRevokedAsync(new SetRevokedRequest { List = ByteString.CopyFrom(list) }, deadline: deadline, cancellationToken: cancellationToken),
        cancellationToken);
}
