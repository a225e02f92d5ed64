// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net.Sockets;
using Grpc.Core;
using Tutti.Contracts.Server.V1;
using Tutti.Frame.Words;
using Tutti.Wiring.Corridor.Calling;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Transport;

namespace Tutti.Hub.Components;

/// <summary>What a server said of itself, and when it was asked and answered by our clock.</summary>
internal sealed record ServerAnswer(ServerStatus Status, DateTimeOffset Asked, DateTimeOffset Answered);

/// <summary>Asks one server how it is and keeps the answer, or why there was none.</summary>
internal sealed class AskServer(ServerStore servers, HandDownCallers callers, Peers peers, TimeProvider clock)
{
    private const string NotAllowed = "call.not-allowed";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <summary>True if it answered.</summary>
    public async Task<bool> Handle(string host, int port, CancellationToken cancellationToken)
    {
        if (!(await Ask(host, port, cancellationToken)).Is(out var answer, out var refusal))
        {
            await servers.SaveProblem(host, port, refusal, cancellationToken);
            return false;
        }

        callers.Heard(host, port, answer.Status.Corridor?.CallersNumber ?? 0);
        await servers.SaveAnswer(Describe(host, port, answer), cancellationToken);
        return true;
    }

    /// <summary>Its answer, or why there is none; nothing is kept.</summary>
    public async Task<Outcome<ServerAnswer>> Ask(string host, int port, CancellationToken cancellationToken)
    {
        var answer = await AskOnce(host, port, cancellationToken);

        // It knows the hub at another name still: the signed list tells it that the hub has moved.
        return answer.IsRefused && answer.Refusal.Code == NotAllowed && await callers.Tell(host, port, cancellationToken)
            ? await AskOnce(host, port, cancellationToken)
            : answer;
    }

    private async Task<Outcome<ServerAnswer>> AskOnce(string host, int port, CancellationToken cancellationToken)
    {
        try
        {
            var client = new Server.ServerClient(peers.Dial(host, port));
            var asked = clock.GetUtcNow();
            var status = await client.GetStatusAsync(new StatusRequest(), deadline: asked.UtcDateTime + _patience, cancellationToken: cancellationToken);
            return new ServerAnswer(status, asked, clock.GetUtcNow());
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Who is told apart by its certificate, or by its answer to a hello, is neither off nor a stranger.
            if (CallRefusedException.Behind(failure) is { } refused)
            {
                return new Refusal(RefusalKind.Conflict, refused.Code, $"{host}:{port} [{refused.Code}]: {refused.Message}", "Address");
            }

            if (failure.StatusCode == StatusCode.PermissionDenied)
            {
                return new Refusal(RefusalKind.Forbidden, failure.Trailers.GetValue(RefusedCall.CodeTrailer) ?? "server.refused", SharedWords.Fill(ComponentsWords.RefusesHub, AddressOf(host, port), failure.Status.Detail), "Address");
            }

            return !peers.AreSecured && await IsSecured(host, port, cancellationToken)
                ? new Refusal(RefusalKind.Conflict, "tls.expected-plain", SharedWords.Fill(ComponentsWords.ServerIsSecured, AddressOf(host, port)), "Address")
                : Explain(host, port, failure.Status);
        }
    }

    /// <summary>An answer as the registry keeps it.</summary>
    public static KnownServer Describe(string host, int port, ServerAnswer answer)
    {
        // It read its clock somewhere between question and answer; the middle is the best guess.
        var middle = answer.Asked + ((answer.Answered - answer.Asked) / 2);
        var status = answer.Status;
        return new(
            host,
            port,
            status.Version,
            DateTimeOffset.FromUnixTimeMilliseconds(status.StartedAtMs),
            answer.Answered,
            DateTimeOffset.FromUnixTimeMilliseconds(status.ClockMs) - middle,
            null,
            status.Components
                .Select(component => new KnownComponent(
                    component.Name,
                    (int)component.TrackerPort,
                    component.PublicUrl,
                    Word(component.State),
                    component.Ready,
                    [.. component.Problems],
                    [.. component.Figures.Select(figure => new KnownFigure(figure.Name, figure.Value, figure.Unfinished))],
                    component.StoreId,
                    component.SharesStore))
                .ToList(),
            Corridor: KnownCorridor.Of(status.Corridor));
    }

    private async Task<bool> IsSecured(string host, int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = new CancellationTokenSource(_patience, clock);
        await using var link = timer.Token.Register(limit.Cancel);
        return (await CorridorProbe.Ask(host, port, limit.Token)).State == ProbedState.Secured;
    }

    private static string AddressOf(string host, int port) => string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");

    private static string Word(ComponentState state) => state switch
    {
        ComponentState.Running => "running",
        ComponentState.Stopped => "stopped",
        ComponentState.Starting => "starting",
        ComponentState.Stopping => "stopping",
        ComponentState.Failed => "failed",
        ComponentState.Unspecified or _ => "unknown",
    };

    private static Refusal Explain(string host, int port, Status status)
    {
        for (var cause = status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain })
            {
                return new(RefusalKind.Unavailable, "server.unknown-name", SharedWords.Fill(ComponentsWords.NameNotKnown, host), "Address");
            }
        }

        return status.StatusCode switch
        {
            StatusCode.Unavailable => new(RefusalKind.Unavailable, "server.silent", SharedWords.Fill(ComponentsWords.NothingAnswers, AddressOf(host, port)), "Address"),
            StatusCode.DeadlineExceeded => new(RefusalKind.Unavailable, "server.silent", SharedWords.Fill(ComponentsWords.NoAnswerInTime, AddressOf(host, port), SharedWords.Span(_patience)), "Address"),
            StatusCode.Unimplemented or StatusCode.Internal => new(RefusalKind.Conflict, "server.stranger", SharedWords.Fill(ComponentsWords.NoTuttiServer, AddressOf(host, port)), "Address"),
            _ => new(RefusalKind.Conflict, "server.refused", SharedWords.Fill(ComponentsWords.OddAnswer, AddressOf(host, port), status.StatusCode.ToString(), status.Detail), "Address"),
        };
    }
}
