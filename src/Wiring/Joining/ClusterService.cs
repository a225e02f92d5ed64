// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;
using Tutti.Wiring.Corridor.Listening;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Outcomes;
using CertificateRequest = Tutti.Contracts.Server.V1.CertificateRequest;

namespace Tutti.Wiring.Joining;

/// <summary>What the server that let this one in changes here later: list, certificate, revocations. Everybody else is refused, also who is in the list.</summary>
internal sealed partial class ClusterService(ClusterHome home, ServerCorridor corridor, ServerProcess process, TimeProvider clock, ILogger logger) : Cluster.ClusterBase
{
    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(300);

    /// <inheritdoc/>
    public override Task<ClusterReply> SetAllowed(SetAllowedRequest request, ServerCallContext context)
    {
        Check(context);
        return home.SetAllowed([.. request.Allowed]) is { } refusal ? throw RefusedCall.Of(refusal) : Task.FromResult(Reloaded());
    }

    /// <inheritdoc/>
    public override Task<CertificateAnswer> RequestCertificate(CertificateRequest request, ServerCallContext context)
    {
        Check(context);
        return Task.FromResult(new CertificateAnswer { SigningRequest = home.RequestRenewal().Is(out var text, out var refusal) ? text : throw RefusedCall.Of(refusal) });
    }

    /// <inheritdoc/>
    public override Task<ClusterReply> SetRoots(SetRootsRequest request, ServerCallContext context)
    {
        Check(context);
        List<X509Certificate2> roots;
        try
        {
            roots = [.. request.Roots.Select(root => X509CertificateLoader.LoadCertificate(root.Span))];
        }
        catch (CryptographicException exception)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"That is no certificate: {exception.Message}"));
        }

        if (home.SetRoots(roots, request.Dropped) is { } refusal)
        {
            throw RefusedCall.Of(refusal);
        }

        LogRoots(roots.Count, request.Dropped.Count);
        return Task.FromResult(Reloaded());
    }

    /// <inheritdoc/>
    public override Task<ClusterReply> InstallCertificate(InstallRequest request, ServerCallContext context)
    {
        Check(context);
        X509Certificate2 certificate;
        List<X509Certificate2> roots;
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(request.Certificate.Span);
            roots = [.. request.Roots.Select(root => X509CertificateLoader.LoadCertificate(root.Span))];
        }
        catch (CryptographicException exception)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"That is no certificate: {exception.Message}"));
        }

        if (!home.InstallRenewal(certificate, roots).Is(out var installed, out var refusal))
        {
            throw RefusedCall.Of(refusal);
        }

        LogRenewed(installed.SerialNumber, installed.NotAfter.ToUniversalTime());
        return Task.FromResult(Reloaded());
    }

    /// <inheritdoc/>
    public override Task<ClusterReply> SetRevoked(SetRevokedRequest request, ServerCallContext context)
    {
        Check(context);
        home.SetRevoked(request.List.Span);
        return Task.FromResult(Reloaded());
    }

    /// <inheritdoc/>
    public override Task<SwitchReply> Switch(SwitchRequest request, ServerCallContext context)
    {
        Check(context);
        _ = SwitchSoon(request.Back);
        return Task.FromResult(new SwitchReply());
    }

    // The answer has to be on its way before its connection ends.
    private async Task SwitchSoon(bool back)
    {
        await Task.Delay(_soon, clock);
        try
        {
            if (await process.SwitchCorridor(back, CancellationToken.None) is { } refusal)
            {
                LogNotSwitched(refusal.Message);
            }
        }
        catch (Exception exception) when (exception is ConfigurationException or IOException)
        {
            LogNotSwitched(exception.Message);
        }
    }

    private ClusterReply Reloaded()
    {
        corridor.Reload(now: true);
        return new ClusterReply { Corridor = DescribeCorridor.Of(corridor) };
    }

    private void Check(ServerCallContext context)
    {
        // Over a plain connection nobody is known.
        var names = context.GetHttpContext().Features.Get<CorridorPeer>()?.Names ?? [];
        // The hub may have moved since; then its registry tells where it is.
        if (HostNames.TryNormalize(home.Hub, out var hub) && (names.Contains(hub) || corridor.Callers.Carries(names, "hub")))
        {
            return;
        }

        LogRefused(names.Count == 0 ? "an unknown server" : string.Join(", ", names), context.Peer, home.Hub ?? "nobody");
        throw new RpcException(new Status(StatusCode.PermissionDenied, "Only the hub that let this server into the installation may change that."), new Metadata { { RefusedCall.CodeTrailer, "call.not-allowed" } });
    }

    [LoggerMessage(1157, LogLevel.Information, "The certificate of this server was renewed: {Serial}, good until {End:yyyy-MM-dd HH:mm} UTC", EventName = "wiring.cluster.renewed")]
    private partial void LogRenewed(string serial, DateTime end);

    [LoggerMessage(1162, LogLevel.Information, "The installation's authority is being changed: {Roots} of its roots are trusted here, {Dropped} are not any more", EventName = "wiring.cluster.roots")]
    private partial void LogRoots(int roots, int dropped);

    [LoggerMessage(1161, LogLevel.Error, "The corridor could not be switched: {Problem}", EventName = "wiring.cluster.not-switched")]
    private partial void LogNotSwitched(string problem);

    [LoggerMessage(1158, LogLevel.Warning, "Call refused [call.not-allowed] {Names} at {Peer} wants to change list or certificate of this server; only {Hub} may", EventName = "wiring.cluster.refused")]
    private partial void LogRefused(string names, string peer, string hub);
}
