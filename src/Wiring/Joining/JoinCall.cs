// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Corridor.Calling;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Joining;

/// <summary>HUB's side of a join: dials, makes sure that the server has the key of the code, proves the secret and demands the same.</summary>
public sealed class JoinCall : IAsyncDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);
    private readonly SslStream _stream;
    private readonly string _address;

    private JoinCall(SslStream stream, string address, X509Certificate2 certificate, JoinRequest? request) =>
        (_stream, _address, Certificate, Request) = (stream, address, certificate, request);

    /// <summary>What the server shows: the new key in a certificate of its own signature, or, where it was let in with this code before, the one that it got.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>What the server asks for; null if it was let in with this code before.</summary>
    public JoinRequest? Request { get; }

    /// <summary>Dials a server that waits.</summary>
    /// <returns>Refusals: <c>server.silent</c>, <c>join.not-waiting</c>, <c>join.other-key</c>, <c>join.wrong-code</c>, <c>join.over</c>, <c>join.not-proven</c>, <c>join.broken-off</c>.</returns>
    public static async Task<Outcome<JoinCall>> Open(string host, int port, JoinCode code, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(clock);
        var address = string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = new CancellationTokenSource(_limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(IPAddress.TryParse(host, out var ip) ? new IPEndPoint(ip, port) : new DnsEndPoint(host, port), both.Token);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            return JoinRefusals.Silent(address);
        }

        return await Talk(new FirstAnswer(new NetworkStream(socket, ownsSocket: true)), host, address, code, clock, both.Token);
    }

    /// <summary>Lets the server in.</summary>
    /// <returns>The serial of the certificate that it has on its disk now, or why not.</returns>
    public async Task<Outcome<string>> Grant(ClusterGrant grant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return await Send(
            new JoinGrant { Certificate = ByteString.CopyFrom(grant.Certificate.RawData), Hub = grant.Hub, Secured = grant.IsSecured }, grant.Roots, grant.Allowed, cancellationToken);
    }

    /// <summary>Gives the server everything but a certificate, which an authority outside has to sign.</summary>
    /// <returns>Why it did not take it; null when it has it on its disk.</returns>
    public async Task<Refusal?> Grant(OutsideGrant grant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        var sent = await Send(new JoinGrant { Hub = "", Secured = true, AcceptServerOnly = grant.AcceptsServerOnly }, grant.Roots, grant.Allowed, cancellationToken);
        return sent.IsRefused ? sent.Refusal : null;
    }

    private async Task<Outcome<string>> Send(JoinGrant message, IReadOnlyList<X509Certificate2> roots, IReadOnlyList<string> allowed, CancellationToken cancellationToken)
    {
        message.Roots.AddRange(roots.Select(root => ByteString.CopyFrom(root.RawData)));
        message.Allowed.AddRange(allowed);
        try
        {
            await JoinMessages.Send(_stream, new JoinMessage { Grant = message }, cancellationToken);
            var answer = await JoinMessages.Receive(_stream, cancellationToken);
            return answer.Done is { } done ? done.Serial
                : answer.Refusal is { } refusal ? JoinMessages.ToRefusal(refusal)
                : JoinRefusals.BrokenOff(_address, "It answered something else.");
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            return JoinRefusals.BrokenOff(_address, exception.Message);
        }
    }

    /// <summary>Tells the server why it is not let in.</summary>
    public async Task Refuse(Refusal refusal, CancellationToken cancellationToken)
    {
        try
        {
            await JoinMessages.Send(_stream, JoinMessages.Of(refusal), cancellationToken);
        }
        catch (IOException)
        {
            // It went away; the person at this side hears the reason anyway.
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static async Task<Outcome<JoinCall>> Talk(FirstAnswer answer, string host, string address, JoinCode code, TimeProvider clock, CancellationToken cancellationToken)
    {
        // Only good for this connection: it is what the proofs are bound to.
        var own = NewKey.Create("hub", ["hub.invalid"], NewKeyType.Ec256, clock.GetUtcNow()).Certificate;
        X509Certificate2? shown = null;
        var stream = new SslStream(answer);
        try
        {
            await stream.AuthenticateAsClientAsync(
                JoinTls.ForHub(host, own, certificate =>
                {
                    shown = certificate;
                    return code.IsFor(certificate);
                }),
                cancellationToken);
            if (!shown!.IssuerName.RawData.AsSpan().SequenceEqual(shown.SubjectName.RawData))
            {
                // It has a signed certificate for the key of the code: an earlier call let it in.
                return new JoinCall(stream, address, shown, null);
            }

            if (!(await Ask(stream, own, shown, address, code, cancellationToken)).Is(out var request, out var refusal))
            {
                await stream.DisposeAsync();
                return refusal;
            }

            return new JoinCall(stream, address, shown, request);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or InvalidDataException or OperationCanceledException)
        {
            await stream.DisposeAsync();
            return shown is not null && !code.IsFor(shown) ? JoinRefusals.OtherKey(address)
                : shown is null ? JoinRefusals.NotWaiting(address)
                : JoinRefusals.BrokenOff(address, exception.Message);
        }
    }

    private static async Task<Outcome<JoinRequest>> Ask(SslStream stream, X509Certificate2 own, X509Certificate2 server, string address, JoinCode code, CancellationToken cancellationToken)
    {
        var first = await JoinMessages.Receive(stream, cancellationToken);
        if (first.Challenge is not { Protocol: AnswerJoin.Protocol } challenge)
        {
            return JoinRefusals.BrokenOff(address, "It speaks another version of the join; bring both servers to one version.");
        }

        var nonce = RandomNumberGenerator.GetBytes(JoinProofs.NonceLength);
        var proof = JoinProofs.OfHub(code.Secret, server, own, challenge.Nonce.Span, nonce);
        await JoinMessages.Send(stream, new JoinMessage { Proof = new JoinProof { Proof = ByteString.CopyFrom(proof), Nonce = ByteString.CopyFrom(nonce) } }, cancellationToken);
        var answer = await JoinMessages.Receive(stream, cancellationToken);
        if (answer.Refusal is { } refusal)
        {
            return JoinMessages.ToRefusal(refusal);
        }

        return answer.Request is { } request
            && CryptographicOperations.FixedTimeEquals(JoinProofs.OfServer(code.Secret, server, own, challenge.Nonce.Span, nonce), request.Proof.Span)
                ? request
                : JoinRefusals.NotProven(address);
    }
}
