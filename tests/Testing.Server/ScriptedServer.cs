// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Tutti.Testing.Server;

/// <summary>A server at the other end that is not one of ours: does what its script says with each connection and counts what it was sent after the handshake.</summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;
    private int _received;
    private int _connections;

    private ScriptedServer(Func<NetworkStream, CancellationToken, Task<Stream?>> script)
    {
        _listener.Start();
        _running = Run(script);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes of the application, the first bytes of HTTP/2 included.</summary>
    public int Received => Volatile.Read(ref _received);

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Shakes hands with a certificate; who calls is let in or not.</summary>
    public static ScriptedServer Showing(IssuedCertificate certificate, bool letsIn = true, bool withChain = true, SslProtocols protocols = SslProtocols.None) => new(async (stream, cancellationToken) =>
    {
        var secured = new SslStream(stream);
        await secured.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate.Certificate, withChain ? [.. certificate.Intermediates] : [], offline: true),
                ClientCertificateRequired = true,
                EnabledSslProtocols = protocols,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                RemoteCertificateValidationCallback = (_, _, _, _) => letsIn,
            },
            cancellationToken);
        return secured;
    });

    /// <summary>Answers the first bytes with others and hangs up.</summary>
    public static ScriptedServer Answering(byte[] bytes) => new(async (stream, cancellationToken) =>
    {
        await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, cancellationToken);
        await stream.WriteAsync(bytes, cancellationToken);
        return null;
    });

    /// <summary>Says nothing at all.</summary>
    public static ScriptedServer Silent() => new(async (_, cancellationToken) =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return null;
    });

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _running;
        _end.Dispose();
    }

    private async Task Run(Func<NetworkStream, CancellationToken, Task<Stream?>> script)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var socket = await _listener.AcceptSocketAsync(_end.Token);
                Interlocked.Increment(ref _connections);
                await using var plain = new NetworkStream(socket);
                if (await script(plain, _end.Token) is { } stream)
                {
                    var buffer = new byte[4096];
                    while (await stream.ReadAsync(buffer, _end.Token) is > 0 and var read)
                    {
                        Interlocked.Add(ref _received, read);
                    }
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or AuthenticationException or SocketException)
            {
                // The other side ended it, or the test is over.
            }
        }
    }
}
