// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Tutti.Wiring.Corridor.Listening;

namespace Tutti.Wiring.Hosting.Https;

/// <summary>HTTPS on a public port. Who comes with plain HTTP is let through to the front door, which only answers with a redirect.</summary>
internal sealed class PeopleListener(PeopleCertificate certificate, TimeProvider clock)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>Adds it to a port.</summary>
    public void Secure(ListenOptions listen)
    {
        ConnectionDelegate? http = null;
        listen.Use(next => connection => Sort(connection, next, http!));
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = _patience,
            OnConnection = context => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.For(context.ClientHelloInfo.ServerName),
#pragma warning disable CA5398 // Deliberate: no older version, whatever the system's policy says.
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
            }),
        });

        // The innermost one knows the way that goes on without TLS.
        listen.Use(next =>
        {
            http = next;
            return next;
        });
    }

    private async Task Sort(ConnectionContext connection, ConnectionDelegate https, ConnectionDelegate http)
    {
        FirstSeen first;
        using (var limit = new CancellationTokenSource(_patience, clock))
        {
            try
            {
                first = await FirstLook.At(connection, limit.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionAbortedException)
            {
                connection.Abort();
                return;
            }
        }

        await (first.Kind == FirstKind.PlainHttp1 ? http : https)(connection);
    }
}
