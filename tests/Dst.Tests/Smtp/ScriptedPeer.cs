// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Smtp;

/// <summary>
/// A mail server that follows a script, one script per connection. Lines: <c>S:</c> says, <c>C:</c> hears exactly; <c>S|</c> says without CRLF;
/// <c>M:</c> hears everything up to these last words (\r and \n written out) and keeps it; <c>X: close</c>, <c>X: reset</c>, <c>X: hang</c>, <c>X: tls</c>, <c>X: badtls</c>.
/// After its last line it closes.
/// </summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly IssuedCertificate? _certificate;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _play;

    private ScriptedPeer(string[] scripts, IPEndPoint? endpoint = null, IssuedCertificate? certificate = null)
    {
        _certificate = certificate;
        _listener = new TcpListener(endpoint ?? new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Start();
        _play = Task.Run(() => Play(scripts));
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>What it heard in lines M.</summary>
    public List<string> Messages { get; } = [];

    /// <summary>The names it was asked for in handshakes.</summary>
    public List<string> NamesAskedFor { get; } = [];

    /// <summary>From where it was called.</summary>
    public List<string> Callers { get; } = [];

    /// <summary>Connections it took.</summary>
    public int Connections { get; private set; }

    /// <summary>Done when the script says X: hang for the first time.</summary>
    public Task Hanging => _hanging.Task;

    /// <summary>Done when all scripts are played; fails at the first difference.</summary>
    public Task Played => _play.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

    public static ScriptedPeer Playing(params string[] scripts) => new(scripts);

    /// <summary>One that shows a certificate of the test's, with those above it.</summary>
    public static ScriptedPeer Certified(IssuedCertificate certificate, IPEndPoint endpoint, params string[] scripts) => new(scripts, endpoint, certificate);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        try
        {
            await _play;
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or SocketException or InvalidOperationException or ScriptException or System.Security.Authentication.AuthenticationException)
        {
            // Whoever wants to know awaits Played.
        }

        _end.Dispose();
    }

    private async Task Play(string[] scripts)
    {
        foreach (var script in scripts)
        {
            using var client = await _listener.AcceptSocketAsync(_end.Token);
            client.NoDelay = true;
            Connections++;
            Callers.Add(((IPEndPoint)client.RemoteEndPoint!).Address.ToString());
            Stream stream = new NetworkStream(client);
            foreach (var line in script.Split('\n').Select(line => line.TrimStart().TrimEnd('\r')).Where(line => line.Length > 0))
            {
                stream = await Step(client, stream, line);
            }

            if (client.Connected)
            {
                client.Shutdown(SocketShutdown.Send);
            }

            await stream.DisposeAsync();
        }
    }

    private async Task<Stream> Step(Socket client, Stream stream, string line)
    {
        var words = line.Length > 3 ? line[3..] : "";
        switch (line[..2])
        {
            case "S:":
                await stream.WriteAsync(Encoding.UTF8.GetBytes(words + "\r\n"), _end.Token);
                break;
            case "S|":
                await stream.WriteAsync(Encoding.Latin1.GetBytes(Unescaped(words)), _end.Token);
                break;
            case "C:":
                var heard = await Hear(stream, "\r\n");
                if (heard != words + "\r\n")
                {
                    throw new ScriptException($"Expected '{words}', heard '{heard}'.");
                }

                break;
            case "M:":
                Messages.Add(await Hear(stream, Unescaped(words)));
                break;
            case "X:":
                return await Act(client, stream, words);
            default:
                throw new ScriptException($"This is no line of a script: {line}");
        }

        return stream;
    }

    private async Task<Stream> Act(Socket client, Stream stream, string action)
    {
        switch (action)
        {
            case "close":
                client.Shutdown(SocketShutdown.Send);
                return stream;
            case "reset":
                client.LingerState = new LingerOption(true, 0);
                client.Close();
                return Stream.Null;
            case "hang":
                _hanging.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _end.Token);
                return stream;
            case "tls":
                var tls = new SslStream(stream);
                using (var certificate = _certificate is null ? SelfSigned() : X509CertificateLoader.LoadPkcs12(_certificate.Certificate.Export(X509ContentType.Pfx), null))
                {
                    var context = SslStreamCertificateContext.Create(certificate, [.. _certificate?.Intermediates ?? []], offline: true);
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context }, _end.Token);
                }

                NamesAskedFor.Add(tls.TargetHostName);
                return tls;
            case "badtls":
                await stream.WriteAsync("This is no TLS at all, not even nearly.\r\n"u8.ToArray(), _end.Token);
                return stream;
            default:
                throw new ScriptException($"Unknown action {action}.");
        }
    }

    private async Task<string> Hear(Stream stream, string end)
    {
        var heard = new StringBuilder();
        var one = new byte[1];
        while (!EndsWith(heard, end))
        {
            if (await stream.ReadAsync(one, _end.Token) == 0)
            {
                throw new ScriptException($"The client left after '{heard}'.");
            }

            heard.Append((char)one[0]);
        }

        return heard.ToString();
    }

    private static bool EndsWith(StringBuilder heard, string end) =>
        heard.Length >= end.Length && heard.ToString(heard.Length - end.Length, end.Length) == end;

    private static string Unescaped(string words) => words.Replace("\\r", "\r", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mx.example", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}

/// <summary>The client did not say what the script expects.</summary>
internal sealed class ScriptException(string message) : Exception(message);
