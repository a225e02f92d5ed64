// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Tutti.Contracts.Server.V1;
using Tutti.Hub.Audit;
using Tutti.Hub.Cluster.Renewal;
using Tutti.Hub.Components;
using Tutti.Hub.Servers;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Transport;

namespace Tutti.Hub.Cluster.Rotation;

/// <summary>How far the change of the authority is.</summary>
/// <param name="Stage">spread, renew, settle or done.</param>
/// <param name="Fingerprint">SHA-256 of the new root.</param>
/// <param name="WaitsFor">Who does not have yet what the stage brings, and why.</param>
/// <param name="Until">When the old root goes; while it settles only.</param>
internal sealed record Rotation(string Stage, string Fingerprint, IReadOnlyList<(string Host, string Problem)> WaitsFor, DateTimeOffset? Until = null);

/// <summary>
/// Another authority in the place of this one, without a refused call: every server trusts the new root before anything is signed
/// by it, has a certificate of it before the old root goes, and each stage waits until all were seen with it. How far it is
/// stands in the authority's own file; what a stage does can be done again, so that whatever is killed, it goes on from there.
/// </summary>
internal sealed partial class RotateAuthority(
    OwnAuthority authority, SpreadList spread, RenewCertificate renew, RevokeCertificate revoke, Peers peers, AuditStore audit, ClusterSettings settings, TimeProvider clock, ILogger<RotateAuthority> logger) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private DateTimeOffset? _settledAt;

    /// <param name="Domains">The domains the new one may sign for; null for those of the servers, empty for no limits.</param>
    /// <param name="OnlyOn">Begins nothing.</param>
    /// <param name="Who">Who wants it.</param>
    public sealed record Command(IReadOnlyList<string>? Domains, bool OnlyOn, Doer Who);

    /// <summary>The last look at a change that is under way; null if there is none.</summary>
    public Rotation? UnderWay { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    /// <summary>Begins the change, or goes on with it, as far as it comes.</summary>
    public async Task<Outcome<Rotation>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!authority.Read().Is(out var there, out var refusal))
        {
            return refusal;
        }

        if (!authority.Home.IsSecured)
        {
            return ClusterRefusals.NotSecured;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            if (IsAlone(there) && command.OnlyOn)
            {
                return ClusterRefusals.NotUnderWay;
            }

            if (IsAlone(there))
            {
                if (!AuthorityDomains.Of(command.Domains, authority.Home.Allowed).Is(out var domains, out refusal))
                {
                    return refusal;
                }

                there = authority.AddNext(domains);
                await audit.Add("cluster.rotated", command.Who.Account, command.Who.From, NewRoot.Fingerprint(there.Next!), cancellationToken);
                LogBegun(NewRoot.Fingerprint(there.Next!));
            }

            return await GoOn(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Goes on with a change that is under way, if there is one.</summary>
    public async Task Continue(CancellationToken cancellationToken)
    {
        if (!authority.Read().Is(out var there, out _) || IsAlone(there))
        {
            return;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            await GoOn(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<Rotation> GoOn(CancellationToken cancellationToken)
    {
        while (true)
        {
            var there = authority.Read().Value;
            var rotation = there switch
            {
                { Next: { } next } => await Spread(there, next, cancellationToken),
                { Previous: { } previous } => await Renew(there, previous, cancellationToken),
                _ => new Rotation("done", NewRoot.Fingerprint(there.Root), []),
            };
            UnderWay = rotation?.Stage == "done" ? null : rotation;
            if (rotation is not null)
            {
                return rotation;
            }
        }
    }

    /// <summary>Every server trusts the root that is to come.</summary>
    /// <returns>What it waits for; null when the stage is over.</returns>
    private async Task<Rotation?> Spread(CertificateAuthority there, X509Certificate2 next, CancellationToken cancellationToken)
    {
        var waits = await Unheard(cancellationToken);
        if (await SetOwn(there.Trusted, [], cancellationToken) is { } own)
        {
            waits.Add((authority.OwnName, own));
        }

        foreach (var member in await spread.Members(cancellationToken))
        {
            if (await Set(member, there.Trusted, [], cancellationToken) is { } problem)
            {
                waits.Add((member.Address, problem));
            }
        }

        if (waits.Count > 0)
        {
            return new Rotation("spread", NewRoot.Fingerprint(next), waits);
        }

        authority.Replace(one => one.Changed());
        LogChanged(NewRoot.Fingerprint(next));
        await revoke.Spread(cancellationToken);
        return null;
    }

    /// <summary>Every server shows a certificate of the new root; after a while the old one goes.</summary>
    private async Task<Rotation?> Renew(CertificateAuthority there, X509Certificate2 previous, CancellationToken cancellationToken)
    {
        var waits = await Unheard(cancellationToken);
        if (authority.Home.Certificate?.IssuerName.RawData.AsSpan().SequenceEqual(there.Root.SubjectName.RawData) != true && await renew.Own(cancellationToken) is { } own)
        {
            waits.Add((authority.OwnName, own));
        }

        var members = await spread.Members(cancellationToken);
        foreach (var host in members.GroupBy(member => HostNames.TryNormalize(member.Host, out var name) ? name : member.Host))
        {
            await RenewOf(host.Key, [.. host], there, waits, cancellationToken);
        }

        var fingerprint = NewRoot.Fingerprint(there.Root);
        if (waits.Count > 0)
        {
            _settledAt = null;
            return new Rotation("renew", fingerprint, waits);
        }

        var until = (_settledAt ??= clock.GetUtcNow()) + settings.OldRootFor;
        return clock.GetUtcNow() < until ? new Rotation("settle", fingerprint, [], until) : await Drop(there, previous, members, cancellationToken);
    }

    private async Task RenewOf(string name, IReadOnlyList<KnownServer> processes, CertificateAuthority there, List<(string, string)> waits, CancellationToken cancellationToken)
    {
        if ((await Missing(processes, there, cancellationToken)).Count == 0)
        {
            return;
        }

        var problem = await renew.Of(name, processes, cancellationToken);
        waits.AddRange((await Missing(processes, there, cancellationToken)).Select(missing => (missing.Address, problem ?? missing.Problem)));
    }

    private async Task<List<(string Address, string Problem)>> Missing(IReadOnlyList<KnownServer> processes, CertificateAuthority there, CancellationToken cancellationToken)
    {
        List<(string, string)> missing = [];
        foreach (var process in processes)
        {
            CorridorStatus? corridor = null;
            var problem = await spread.Try(
                process,
                async (_, deadline) => corridor = (await new Server.ServerClient(peers.DialSecured(process.Host, process.Port)).GetStatusAsync(new StatusRequest(), deadline: deadline, cancellationToken: cancellationToken)).Corridor,
                cancellationToken);
            if (problem is not null || corridor?.Issuer != there.Root.Subject)
            {
                missing.Add((process.Address, problem ?? ClusterWords.StillOldCertificate));
            }
        }

        return missing;
    }

    private async Task<Rotation?> Drop(CertificateAuthority there, X509Certificate2 previous, IReadOnlyList<KnownServer> members, CancellationToken cancellationToken)
    {
        string[] dropped = [Convert.ToHexString(SHA256.HashData(previous.RawData))];
        List<(string, string)> waits = [];
        foreach (var member in members)
        {
            if (await Set(member, [there.Root], dropped, cancellationToken) is { } problem)
            {
                waits.Add((member.Address, problem));
            }
        }

        if (waits.Count == 0 && await SetOwn([there.Root], dropped, cancellationToken) is { } own)
        {
            waits.Add((authority.OwnName, own));
        }

        if (waits.Count > 0)
        {
            return new Rotation("settle", NewRoot.Fingerprint(there.Root), waits, clock.GetUtcNow());
        }

        authority.Replace(one => one.WithoutPrevious());
        _settledAt = null;
        LogDone(NewRoot.Fingerprint(there.Root));
        await revoke.Spread(cancellationToken);
        return null;
    }

    private async Task<string?> Set(KnownServer member, IReadOnlyList<X509Certificate2> roots, IReadOnlyList<string> dropped, CancellationToken cancellationToken)
    {
        CorridorStatus? corridor = null;
        var request = new SetRootsRequest { Roots = { roots.Select(root => ByteString.CopyFrom(root.RawData)) }, Dropped = { dropped } };
        var problem = await spread.Try(
            member, async (client, deadline) => corridor = (await client.SetRootsAsync(request, deadline: deadline, cancellationToken: cancellationToken)).Corridor, cancellationToken);
        return problem ?? (roots.All(root => corridor!.RootFingerprints.Contains(Convert.ToHexString(SHA256.HashData(root.RawData)))) && !corridor!.RootFingerprints.Any(dropped.Contains)
            ? null
            : string.Join(' ', [ClusterWords.RootsNotTakenUp, .. corridor!.Problems]));
    }

    private async Task<string?> SetOwn(IReadOnlyList<X509Certificate2> roots, IReadOnlyList<string> dropped, CancellationToken cancellationToken)
    {
        if (authority.Home.SetRoots(roots, dropped) is { } refusal)
        {
            return refusal.Message;
        }

        await spread.ReloadOwn(cancellationToken);
        return null;
    }

    /// <summary>Names that the list has, and no server that could be asked: one whose join is not over yet.</summary>
    private async Task<List<(string Host, string Problem)>> Unheard(CancellationToken cancellationToken)
    {
        var heard = (await spread.Members(cancellationToken)).Select(member => HostNames.TryNormalize(member.Host, out var name) ? name : member.Host).Append(authority.OwnName);
        return [.. authority.Home.Allowed.Except(heard).Select(host => (host, ClusterWords.NoKnownServer))];
    }

    private static bool IsAlone(CertificateAuthority authority) => authority is { Next: null, Previous: null };

    [LoggerMessage(2304, LogLevel.Information, "The authority is being changed; SHA-256 of the new root: {Fingerprint}. First every server gets to trust it", EventName = "hub.cluster.rotation-begun")]
    private partial void LogBegun(string fingerprint);

    [LoggerMessage(2305, LogLevel.Information, "Every server trusts the new root {Fingerprint}; from now on it signs, and all certificates are renewed", EventName = "hub.cluster.rotation-changed")]
    private partial void LogChanged(string fingerprint);

    [LoggerMessage(2306, LogLevel.Information, "The authority was changed: every server trusts {Fingerprint} only", EventName = "hub.cluster.rotation-done")]
    private partial void LogDone(string fingerprint);
}
