// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Certificates;

namespace Tutti.Wiring.Corridor.Calling;

/// <summary>How the corridor port of a server answers.</summary>
public enum ProbedState
{
    /// <summary>Nobody answers there.</summary>
    Unreachable,

    /// <summary>It answers a TLS hello with something else.</summary>
    Plain,

    /// <summary>It shows a certificate.</summary>
    Secured,
}

/// <summary>What a probe found.</summary>
/// <param name="State">How it answers.</param>
/// <param name="Names">The names of its certificate, if it showed one. They are not checked: this says who claims to be there.</param>
public sealed record Probed(ProbedState State, IReadOnlyList<string> Names);

/// <summary>Tells plain servers from secured ones and from those that are off: a hello without certificate, on which nothing is sent. Works from plain and from secured servers.</summary>
public static class CorridorProbe
{
    /// <summary>Asks once.</summary>
    /// <param name="host">Host name or address.</param>
    /// <param name="port">Its internal or tracker port.</param>
    /// <param name="cancellationToken">Gives it up; what did not answer by then is unreachable.</param>
    public static async Task<Probed> Ask(string host, int port, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        IReadOnlyList<string> names = [];
        var isSecured = false;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var answer = default(FirstAnswer);
        try
        {
            await socket.ConnectAsync(IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port), cancellationToken);
            answer = new FirstAnswer(new NetworkStream(socket));
            await using var stream = new SslStream(answer);
            await stream.AuthenticateAsClientAsync(
                CorridorTls.ForProbe(HostNames.TryNormalize(host, out var name) ? name : host, (_, certificate, _, _) =>
                {
                    isSecured = certificate is not null;
                    using var shown = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
                    names = shown is null ? [] : CertificateNames.Of(shown);
                    return false;
                }),
                cancellationToken);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException or OperationCanceledException)
        {
            // Expected: the probe itself ends the handshake, and who is off or plain ends it too.
        }

        return new Probed(isSecured ? ProbedState.Secured : answer is { IsPlain: true } ? ProbedState.Plain : ProbedState.Unreachable, names);
    }
}
