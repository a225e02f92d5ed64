// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tutti.Testing;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Joining;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Tests.Joining;

/// <summary>A server that waits to be let in, and the authority that could do it.</summary>
internal sealed class JoinHost : IDisposable
{
    public const string Name = "trk.tutti.test";
    public const string HubName = "hub.tutti.test";
    private static readonly Dictionary<string, string> _environment = [];
    private readonly TemporaryFolder _folder = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public JoinHost()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "conf"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "commands"));
        File.WriteAllText(Home.ServerIni, $"Components=trk\nHostName={Name}\n");
        File.WriteAllBytes(Home.Resolve("conf/trusted-roots.p12"), Pkcs12Writer.Write([], [], TrustedRoots.ShippedPassword));
        Authority = CertificateAuthority.Create("Authority", [], Clock.GetUtcNow());
        _listener.Start();
    }

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public HomeFolder Home => new(_folder.Path);

    public ClusterHome Files => new(Home, _environment, Clock);

    public CertificateAuthority Authority { get; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Makes a code.</summary>
    public JoinCode Code() => JoinTicket.Create(Home, Name, JoinPurpose.New, Clock.GetUtcNow()).Code;

    /// <summary>Answers one connection and tells whether it let this server in.</summary>
    public async Task<bool> AnswerOne()
    {
        using var client = await _listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        return await new AnswerJoin(Home, _environment, Clock, NullLogger.Instance).Handle(client.GetStream(), "peer", TestContext.Current.CancellationToken);
    }

    /// <summary>One whole join, as HUB does it, to a port.</summary>
    public async Task<Outcome<string>> Join(JoinCode code, int? port = null, Func<ClusterGrant, ClusterGrant>? change = null)
    {
        if (!(await JoinCall.Open("127.0.0.1", port ?? Port, code, Clock, TestContext.Current.CancellationToken)).Is(out var call, out var refusal))
        {
            return refusal;
        }

        await using (call)
        {
            if (call.Request is null)
            {
                return call.Certificate.SerialNumber;
            }

            var grant = Grant(call.Request.SigningRequest);
            return await call.Grant(change is null ? grant : change(grant), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What HUB gives for a request.</summary>
    public ClusterGrant Grant(string signingRequest, string name = Name, TimeSpan? life = null) => new(
        Authority.Sign(signingRequest, name, Clock.GetUtcNow(), life ?? CertificateAuthority.CertificateLife).Value, [Authority.Root], [HubName, Name], HubName, IsSecured: true);

    public X509Certificate2 Installed => Files.Certificate!;

    public void Dispose()
    {
        _listener.Dispose();
        Authority.Dispose();
        _folder.Dispose();
    }
}
