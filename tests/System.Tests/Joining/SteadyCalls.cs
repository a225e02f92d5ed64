// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Tutti.System.Tests.Layouts;

namespace Tutti.System.Tests.Joining;

/// <summary>
/// Calls that go on all the time: as one server of the installation, with the certificate that lies in its home at the moment
/// of each connection, to the internal ports of others. Few calls are on the way at any time, one connection serves them all
/// as long as the called server leaves it open, as a channel of the product does.
/// </summary>
internal sealed class SteadyCalls : IAsyncDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<string, ConcurrentBag<X509Certificate2>> _shown = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly List<Task> _calling = [];
    private int _served;

    /// <summary>Begins to call.</summary>
    /// <param name="caller">As whom.</param>
    /// <param name="called">Whom.</param>
    public SteadyCalls(ServerHome caller, params IReadOnlyList<ServerHome> called)
    {
        foreach (var server in called)
        {
            _shown[server.Host] = [];
            _calling.Add(Call(caller, server));
        }
    }

    /// <summary>Calls that were answered.</summary>
    public int Served => Volatile.Read(ref _served);

    /// <summary>Calls that were not, with the reason.</summary>
    public IReadOnlyList<string> Failures => [.. _failures];

    /// <summary>The serials of all certificates that a server has shown.</summary>
    public IReadOnlyList<string> Serials(ServerHome server) => [.. _shown[server.Host].Select(certificate => certificate.SerialNumber).Distinct()];

    /// <summary>The certificate in a home.</summary>
    public static X509Certificate2 CertificateOf(ServerHome server)
    {
        var ini = File.ReadAllLines(Path.Combine(server.Home, "commands", "ssl.ini"));
        string Entry(string key) => ini.Single(line => line.StartsWith(key + "=", StringComparison.Ordinal))[(key.Length + 1)..];
        return X509CertificateLoader.LoadPkcs12FromFile(Entry("SSLKeystorePath"), Entry("SSLKeystorePassword"), X509KeyStorageFlags.EphemeralKeySet);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_calling);
        _end.Dispose();
    }

    private async Task Call(ServerHome caller, ServerHome called)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(called.Address), called.InternalPort), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = called.Host,
                AllowTlsResume = false,
                LocalCertificateSelectionCallback = (_, _, _, _, _) => CertificateOf(caller),
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    var shown = X509CertificateLoader.LoadCertificate(certificate!.GetRawCertData());
                    _shown[called.Host].Add(shown);
                    return shown.GetNameInfo(X509NameType.DnsName, forIssuer: false) == called.Host;
                },
            },
        };
        using var client = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact, Timeout = TimeSpan.FromMinutes(1) };
        var isRepeated = false;
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"https://{called.Host}:{called.InternalPort}/ready"), _end.Token);
                Interlocked.Increment(ref _served);
                isRepeated = false;
                await Task.Delay(_pause, TimeProvider.System, _end.Token);
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (HttpRequestException closed) when (closed.InnerException is HttpProtocolException { ErrorCode: 0 } && !isRepeated)
            {
                // The server said that it takes no further call on this connection while this one was about to be written (RFC 9113
                // section 6.8, NO_ERROR): it goes out once more on a new connection, as all calls of the product do.
                isRepeated = true;
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
            {
                _failures.Enqueue($"{called.Host}: {failure}");
                await Task.Delay(_pause, TimeProvider.System, CancellationToken.None);
            }
        }
    }
}
