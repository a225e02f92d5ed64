// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Smtp.Encryption;

/// <summary>A web server with one answer for everybody, and a certificate of the test's.</summary>
internal sealed class PolicyServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2 _certificate;
    private readonly Task _serving;

    public PolicyServer(IssuedCertificate certificate, IPEndPoint? endpoint = null)
    {
        _listener = new TcpListener(endpoint ?? new IPEndPoint(IPAddress.Loopback, 0));
        _certificate = X509CertificateLoader.LoadPkcs12(certificate.Certificate.Export(X509ContentType.Pfx), null);
        _listener.Start();
        _serving = Task.Run(Serve);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What it says, status line and all; null: nothing, for ever.</summary>
    public string? Answer { get; set; } = "";

    /// <summary>Requests that came through, "GET path host".</summary>
    public List<string> Requests { get; } = [];

    /// <summary>A sound answer.</summary>
    public static string Ok(string body, string type = "text/plain") => $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _serving.ContinueWith(_ => { }, TaskScheduler.Default);
        _certificate.Dispose();
        _end.Dispose();
    }

    private async Task Serve()
    {
        while (true)
        {
            using var client = await _listener.AcceptSocketAsync(_end.Token);
            try
            {
                await Talk(client);
            }
            catch (Exception failure) when (failure is IOException or AuthenticationException)
            {
                // The client did not like what it saw.
            }
        }
    }

    private async Task Talk(Socket client)
    {
        await using var tls = new SslStream(new NetworkStream(client));
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
        using var reader = new StreamReader(tls, Encoding.ASCII, leaveOpen: true);
        var words = (await reader.ReadLineAsync(_end.Token))?.Split(' ');
        var host = "";
        while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 } line)
        {
            host = line.StartsWith("Host: ", StringComparison.Ordinal) ? line[6..] : host;
        }

        if (words is not null)
        {
            Requests.Add($"{words[0]} {words[1]} {host}");
            if (Answer is not { } answer)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _end.Token);
                return;
            }

            await tls.WriteAsync(Encoding.ASCII.GetBytes(answer), _end.Token);
        }
    }
}
