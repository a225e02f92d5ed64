// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Tutti.Wiring.Corridor.Listening;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Corridor.Callers;

/// <summary>
/// Asks before each call of a component's services whether its caller may make it. On plain connections nobody is known, and
/// on the control socket there is the owner of home: there is nothing to check.
/// </summary>
internal sealed class CallerCheck(ServerCorridor? corridor = null) : Interceptor
{
    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, context);
    }

    /// <inheritdoc/>
    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(requestStream, context);
    }

    /// <inheritdoc/>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, responseStream, context);
    }

    /// <inheritdoc/>
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(requestStream, responseStream, context);
    }

    private void Check(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        if (corridor is null || http.Features.Get<CorridorPeer>() is not { } peer || corridor.Callers.Judge(context.Method, peer.Names) is not { } refusal)
        {
            return;
        }

        var address = http.Connection.RemoteIpAddress is { } ip ? new IPEndPoint(ip, http.Connection.RemotePort) : null;
        corridor.Log.IncomingCall(refusal, http.Connection.LocalPort, address, peer.Names);
        throw RefusedCall.Of(refusal with { Message = $"{string.Join(", ", peer.Names)}: {refusal.Message}" });
    }
}
