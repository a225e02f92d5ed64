// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Hub.Control.V1;
using Tutti.Hub.Cluster.Renewal;
using Tutti.Hub.Cluster.Rotation;
using Tutti.Hub.Servers;
using Tutti.Wiring.Outcomes;
using Wire = Tutti.Contracts.Hub.Control.V1;

namespace Tutti.Hub.Cluster;

/// <summary>The installation's own authority for the command line; reached on the control socket only.</summary>
internal sealed class ClusterControlService(InitCluster init, SwitchCluster change, RevokeCertificate revoke, RenewCertificate renew, RotateAuthority rotate, AnnounceHub announce) : Wire.Cluster.ClusterBase
{
    /// <inheritdoc/>
    public override async Task<InitReply> Init(InitRequest request, ServerCallContext context)
    {
        if (!(await init.Handle(new(request.AnyDomain ? [] : request.Domains.Count > 0 ? [.. request.Domains] : null, Doer.CommandLine), context.CancellationToken)).Is(out var made, out var refusal))
        {
            throw RefusedCall.Of(refusal);
        }

        return new InitReply { Secured = made.IsSecured, RootFingerprint = made.Fingerprint, NotAfterMs = made.NotAfter.ToUnixTimeMilliseconds(), Others = { made.Others } };
    }

    /// <inheritdoc/>
    public override async Task<SwitchClusterReply> Switch(SwitchClusterRequest request, ServerCallContext context)
    {
        if (!(await change.Handle(new(request.Back, Doer.CommandLine), context.CancellationToken)).Is(out var done, out var refusal))
        {
            throw RefusedCall.Of(refusal);
        }

        return new SwitchClusterReply { Switched = { done.Switched }, Missing = { done.Missing } };
    }

    /// <inheritdoc/>
    public override async Task<RevokeReply> Revoke(RevokeRequest request, ServerCallContext context)
    {
        if (!(await revoke.Handle(new(request.Which, Doer.CommandLine), context.CancellationToken)).Is(out var revoked, out var refusal))
        {
            throw RefusedCall.Of(refusal);
        }

        return new RevokeReply { Serials = { revoked.Serials }, NotTold = { revoked.NotTold } };
    }

    /// <inheritdoc/>
    public override async Task<RenewReply> Renew(RenewRequest request, ServerCallContext context)
    {
        if (!(await renew.Handle(new(request.Host.Length == 0 ? null : request.Host, Doer.CommandLine), context.CancellationToken)).Is(out var done, out var refusal))
        {
            throw RefusedCall.Of(refusal);
        }

        return new RenewReply { Renewed = { done.Renewed }, Failed = { done.Failed.Select(each => new NotRenewed { Host = each.Host, Problem = each.Problem }) } };
    }

    /// <inheritdoc/>
    public override async Task<AnnounceReply> Announce(AnnounceRequest request, ServerCallContext context) =>
        (await announce.Handle(new(request.Host, Doer.CommandLine), context.CancellationToken)).Is(out var host, out var refusal) ? new AnnounceReply { Host = host } : throw RefusedCall.Of(refusal);

    /// <inheritdoc/>
    public override async Task<RotateReply> Rotate(RotateRequest request, ServerCallContext context)
    {
        if (!(await rotate.Handle(new(request.AnyDomain ? [] : request.Domains.Count > 0 ? [.. request.Domains] : null, request.OnlyOn, Doer.CommandLine), context.CancellationToken)).Is(out var rotation, out var refusal))
        {
            throw RefusedCall.Of(refusal);
        }

        return new RotateReply
        {
            Stage = rotation.Stage,
            RootFingerprint = rotation.Fingerprint,
            WaitsFor = { rotation.WaitsFor.Select(each => new NotRenewed { Host = each.Host, Problem = each.Problem }) },
            UntilMs = rotation.Until?.ToUnixTimeMilliseconds() ?? 0,
        };
    }
}
