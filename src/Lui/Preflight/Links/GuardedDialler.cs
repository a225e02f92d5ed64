// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Tutti.Lui.Preflight.Links;

/// <summary>The address behind a name is not one of the public internet.</summary>
internal sealed class PrivateAddressException(string host) : HttpRequestException($"{host} leads to a private address.");

/// <summary>
/// The only way out for links that people wrote: looks a name up once, and dials exactly the addresses that it has judged, so that
/// neither a redirect nor a name that answers differently the next time leads into the installation's own network.
/// </summary>
/// <param name="resolve">Looks a name up.</param>
/// <param name="allowed">Networks that may be reached although they are private.</param>
/// <param name="alsoPublic">Whether addresses of the public internet may be reached.</param>
internal sealed class GuardedDialler(Func<string, CancellationToken, Task<IPAddress[]>> resolve, IReadOnlyList<IPNetwork> allowed, bool alsoPublic = true)
{
    /// <summary>Opens a connection, for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="PrivateAddressException">No address of the host may be reached.</exception>
    public async ValueTask<Stream> Dial(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await resolve(host, cancellationToken);
        var reachable = found.Where(May).ToList();
        if (reachable.Count == 0)
        {
            throw found.Length > 0 ? new PrivateAddressException(host) : new HttpRequestException(HttpRequestError.NameResolutionError, $"{host} has no address.");
        }

        SocketException? last = null;
        foreach (var address in reachable)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException failure)
            {
                socket.Dispose();
                last = failure;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw new HttpRequestException(HttpRequestError.ConnectionError, last!.Message, last);
    }

    private bool May(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (alsoPublic && PublicAddress.Is(plain)) || allowed.Any(network => network.Contains(plain));
    }
}
