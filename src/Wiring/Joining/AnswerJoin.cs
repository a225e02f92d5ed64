// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Joining;

/// <summary>The side of a join that waits: shows its new key, lets only one in who knows the secret, and takes what that one gives.</summary>
/// <param name="home">The installation folder.</param>
/// <param name="environment">Environment variables that override settings.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">The server's log.</param>
/// <param name="taken">Called when everything is on the disk and before HUB hears of it: it calls the next moment.</param>
internal sealed partial class AnswerJoin(HomeFolder home, IDictionary environment, TimeProvider clock, ILogger logger, Action? taken = null)
{
    /// <summary>Bumped when the messages change.</summary>
    public const uint Protocol = 1;

    private const int MostTold = 1000;

    // HUB changes the lists of all servers before it answers.
    private static readonly TimeSpan _grantLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _tellEvery = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _told = new();
    private volatile bool _hasLetIn;

    /// <summary>True if a code is out that somebody may still use.</summary>
    public bool IsWaiting => JoinTicket.Find(home)?.IsGood(clock.GetUtcNow()) == true;

    /// <summary>True as soon as one connection has let this server in, while it still says so to HUB.</summary>
    public bool HasLetIn => _hasLetIn;

    /// <summary>Talks with one caller to the end.</summary>
    /// <param name="transport">The connection, before TLS.</param>
    /// <param name="peer">Its address, for the log.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>True if this server was let in by it.</returns>
    public async Task<bool> Handle(Stream transport, string peer, CancellationToken cancellationToken)
    {
        if (JoinTicket.Find(home) is not { } ticket || !ticket.IsGood(clock.GetUtcNow()))
        {
            return false;
        }

        try
        {
            await using var stream = new SslStream(transport, leaveInnerStreamOpen: true);
            return await Converse(stream, ticket, peer, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException or InvalidDataException or OperationCanceledException)
        {
            if (IsWorthTelling(peer))
            {
                LogBrokenOff(peer, exception.Message);
            }

            return false;
        }
    }

    /// <summary>The hub that knows this server goes on asking it how it is, every few seconds: one line a minute from one address says as much.</summary>
    private bool IsWorthTelling(string peer)
    {
        var (address, now) = (peer[..Math.Max(0, peer.LastIndexOf(':'))], clock.GetUtcNow());
        if (_told.Count > MostTold)
        {
            _told.Clear();
        }

        return _told.AddOrUpdate(address, now, (_, before) => now - before >= _tellEvery ? now : before) == now;
    }

    private async Task<bool> Converse(SslStream stream, JoinTicket ticket, string peer, CancellationToken cancellationToken)
    {
        X509Certificate2? hub = null;
        using var limit = new CancellationTokenSource(CorridorTls.HandshakeLimit, clock);
        using var start = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await stream.AuthenticateAsServerAsync(
            JoinTls.ForServer(ticket.Certificate, certificate =>
            {
                hub = certificate;
                return true;
            }),
            start.Token);

        var nonce = RandomNumberGenerator.GetBytes(JoinProofs.NonceLength);
        await JoinMessages.Send(stream, new JoinMessage { Challenge = new JoinChallenge { Protocol = Protocol, Nonce = ByteString.CopyFrom(nonce) } }, start.Token);
        var shown = (await JoinMessages.Receive(stream, start.Token)).Proof ?? throw new InvalidDataException("A proof was expected.");
        if (JoinTicket.TakeTry(home, clock.GetUtcNow()) is not { } taken || taken.Certificate.Thumbprint != ticket.Certificate.Thumbprint)
        {
            await JoinMessages.Send(stream, JoinMessages.Of(JoinRefusals.Over), start.Token);
            return false;
        }

        var (own, theirs) = (ticket.Certificate, hub ?? throw new InvalidDataException("The caller has no certificate."));
        var hubNonce = shown.Nonce.ToByteArray();
        if (!CryptographicOperations.FixedTimeEquals(JoinProofs.OfHub(taken.Secret, own, theirs, nonce, hubNonce), shown.Proof.Span))
        {
            LogWrong(peer, taken.TriesLeft - 1);
            await JoinMessages.Send(stream, JoinMessages.Of(JoinRefusals.WrongCode(taken.TriesLeft - 1)), start.Token);
            return false;
        }

        taken.GiveBack(home);
        var proof = JoinProofs.OfServer(taken.Secret, own, theirs, nonce, hubNonce);
        await JoinMessages.Send(stream, new JoinMessage { Request = Request(taken, proof) }, start.Token);
        return await TakeGrant(stream, taken, peer, cancellationToken);
    }

    private async Task<bool> TakeGrant(SslStream stream, JoinTicket ticket, string peer, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_grantLimit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var answer = await JoinMessages.Receive(stream, both.Token);
        if (answer.Grant is not { } grant)
        {
            LogNotLetIn(peer, answer.Refusal?.Message ?? "no reason was given");
            return false;
        }

        if (!Take(grant, ticket).Is(out var serial, out var refusal))
        {
            LogNotTaken(refusal.Code, refusal.Message);
            await JoinMessages.Send(stream, JoinMessages.Of(refusal), both.Token);
            return false;
        }

        // From here on the code is worth nothing; whoever asks again sees the certificate.
        _hasLetIn = true;
        JoinTicket.Remove(home);
        if (serial.Length > 0)
        {
            LogJoined(grant.Hub, serial, string.Join(',', grant.Allowed));
        }
        else
        {
            LogCertificateLacks(grant.Roots.Count, string.Join(',', grant.Allowed));
        }

        taken?.Invoke();
        try
        {
            await JoinMessages.Send(stream, new JoinMessage { Done = new JoinDone { Serial = serial } }, both.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            LogBrokenOff(peer, exception.Message);
        }

        return true;
    }

    /// <summary>Puts what was given on the disk.</summary>
    /// <returns>The serial of the certificate, empty where none was given.</returns>
    private Outcome<string> Take(JoinGrant grant, JoinTicket ticket)
    {
        List<X509Certificate2> roots;
        X509Certificate2? certificate;
        try
        {
            roots = [.. grant.Roots.Select(root => X509CertificateLoader.LoadCertificate(root.Span))];
            certificate = grant.Certificate.IsEmpty ? null : X509CertificateLoader.LoadCertificate(grant.Certificate.Span);
        }
        catch (CryptographicException exception)
        {
            throw new InvalidDataException("What was given is no certificate.", exception);
        }

        var files = new ClusterHome(home, environment, clock);
        if (certificate is null)
        {
            return files.Take(new OutsideGrant(roots, [.. grant.Allowed], grant.AcceptServerOnly)) is { } no ? no : "";
        }

        return files.Take(ticket.Entry, new ClusterGrant(certificate, roots, [.. grant.Allowed], grant.Hub, grant.Secured)).Is(out var taken, out var refusal) ? taken.SerialNumber : refusal;
    }

    private JoinRequest Request(JoinTicket ticket, byte[] proof)
    {
        var server = ServerConfiguration.Read(home, environment);
        var request = new JoinRequest
        {
            Proof = ByteString.CopyFrom(proof),
            Host = server.Common.HostName,
            Version = ServerSelf.Version,
            SigningRequest = NewKey.SigningRequest(ticket.Entry),
            Purpose = ticket.Purpose.ToString().ToLowerInvariant(),
        };
        request.Components.AddRange(server.Components);
        request.HomeInternalPorts.AddRange(server.Components.Select(component => (uint)server.Of(component).InternalPort).Distinct());
        return request;
    }

    [LoggerMessage(1150, LogLevel.Information, "This server was let into the installation by {Hub}: certificate {Serial}, list {Allowed}", EventName = "wiring.join.done")]
    private partial void LogJoined(string hub, string serial, string allowed);

    [LoggerMessage(1163, LogLevel.Information, "This server has {Roots} trusted roots and the list {Allowed} from the hub; its certificate has to come from the authority outside", EventName = "wiring.join.certificate-lacks")]
    private partial void LogCertificateLacks(int roots, string allowed);

    [LoggerMessage(1151, LogLevel.Warning, "{Peer} tried to let this server in with a wrong code; {Left} tries are left", EventName = "wiring.join.wrong-code")]
    private partial void LogWrong(string peer, int left);

    [LoggerMessage(1152, LogLevel.Warning, "A connection from {Peer} to let this server in was broken off: {Problem}", EventName = "wiring.join.broken-off")]
    private partial void LogBrokenOff(string peer, string problem);

    [LoggerMessage(1153, LogLevel.Warning, "The hub at {Peer} does not let this server in: {Reason}", EventName = "wiring.join.not-let-in")]
    private partial void LogNotLetIn(string peer, string reason);

    [LoggerMessage(1154, LogLevel.Error, "What the hub gave is not good here: [{Code}] {Problem}", EventName = "wiring.join.not-taken")]
    private partial void LogNotTaken(string code, string problem);
}
