// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using DnsClient;
using Tutti.Dst.Smtp.Destinations;

namespace Tutti.Dst.Smtp.Encryption;

/// <summary>Fetches policies of MTA-STS (RFC 8461 §3.3): within a minute, at most 64 KB, without following anybody elsewhere.</summary>
/// <param name="dns">Finds the servers.</param>
/// <param name="roots">Authorities that count.</param>
/// <param name="clock">Measures the minute.</param>
/// <param name="port">443.</param>
internal sealed class StsFetcher(IDnsQuery dns, TlsRoots roots, TimeProvider clock, int port = 443)
{
    private const int MostBytes = 64 * 1024;
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(1);
    private readonly DnsLookup _dns = new(dns);

    /// <summary>The text of a domain's policy, or why there is none. Never throws for what the server does.</summary>
    public async Task<FetchedPolicy> Fetch(string domain, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var handler = Handler();
            using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
            using var response = await client.GetAsync(
                new Uri($"https://mta-sts.{domain}/.well-known/mta-sts.txt"), HttpCompletionOption.ResponseHeadersRead, both.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return FetchedPolicy.Failed(TlsFailure.StsPolicyFetchError, $"The server answered {(int)response.StatusCode}.");
            }

            return response.Content.Headers.ContentType?.MediaType == "text/plain"
                ? await Read(response, both.Token)
                : FetchedPolicy.Failed(TlsFailure.StsPolicyInvalid, "It is not text/plain.");
        }
        catch (HttpRequestException failure)
        {
            return FetchedPolicy.Failed(
                failure.HttpRequestError == HttpRequestError.SecureConnectionError ? TlsFailure.StsWebpkiInvalid : TlsFailure.StsPolicyFetchError,
                failure.InnerException?.Message ?? failure.Message);
        }
        catch (IOException failure)
        {
            return FetchedPolicy.Failed(TlsFailure.StsPolicyFetchError, failure.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return FetchedPolicy.Failed(TlsFailure.StsPolicyFetchError, "It took longer than a minute.");
        }
    }

    private static async Task<FetchedPolicy> Read(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[MostBytes + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return length > MostBytes
            ? FetchedPolicy.Failed(TlsFailure.StsPolicyInvalid, "It is longer than 64 KB.")
            : StsPolicy.TryRead(Encoding.UTF8.GetString(bytes, 0, length), out _, out var problem)
            ? new(Encoding.UTF8.GetString(bytes, 0, length), null, "")
            : FetchedPolicy.Failed(TlsFailure.StsPolicyInvalid, problem);
    }

    private SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = 16,
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = roots.Policy() },
        ConnectCallback = Connect,
    };

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var found = await _dns.Ask(host, QueryType.A, cancellationToken);
        if (found.Addresses.Count == 0)
        {
            found = await _dns.Ask(host, QueryType.AAAA, cancellationToken);
        }

        if (found.Addresses.Count == 0)
        {
            throw new IOException($"{host} has no address.");
        }

        var socket = new Socket(found.Addresses[0].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync([.. found.Addresses], port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>What a fetch brought: a sound policy, or why there is none.</summary>
/// <param name="Body">The text; null if it failed.</param>
/// <param name="Failure">Null if it did not fail.</param>
/// <param name="Words">What went wrong.</param>
internal sealed record FetchedPolicy(string? Body, TlsFailure? Failure, string Words)
{
    /// <summary>There is none.</summary>
    public static FetchedPolicy Failed(TlsFailure failure, string words) => new(null, failure, words);
}
