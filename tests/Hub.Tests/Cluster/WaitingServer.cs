// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Tutti.Testing;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Joining;

namespace Tutti.Hub.Tests.Cluster;

/// <summary>A server that was set up and waits for the hub, in this process.</summary>
internal sealed class WaitingServer : IDisposable
{
    private static readonly Dictionary<string, string> _environment = [];
    private readonly TemporaryFolder _folder = new();
    private readonly string _host;
    private readonly int _port = FreePort.Next();
    private CancellationTokenSource _end = new();
    private Task _waiting = Task.CompletedTask;

    public WaitingServer(string host)
    {
        _host = host;
        Directory.CreateDirectory(Path.GetDirectoryName(Home.ServerIni)!);
        Directory.CreateDirectory(Path.GetDirectoryName(Home.SslIni)!);
        File.WriteAllText(Home.ServerIni, $"Components=trk\nHostName={host}\nInternalPort={_port}\nBind=127.0.0.1\n");
        File.WriteAllBytes(Home.Resolve("conf/trusted-roots.p12"), Pkcs12Writer.Write([], [], TrustedRoots.ShippedPassword));
    }

    public HomeFolder Home => new(_folder.Path);

    public string Address => $"{_host}:{_port}";

    public IReadOnlyList<X509Certificate2> Roots => TrustedRoots.Read(Home, ServerConfiguration.Read(Home, _environment).Common).Value.Certificates;

    /// <summary>Makes a code in the place of any other, and waits for the one who has it.</summary>
    public string Code(JoinPurpose purpose)
    {
        Stop();
        _end = new CancellationTokenSource();
        var code = JoinTicket.Create(Home, _host, purpose, TimeProvider.System.GetUtcNow()).Code.ToString();
        _waiting = WaitForJoin.Run(Home, _environment, TimeProvider.System, _end.Token);
        return code;
    }

    public void Dispose()
    {
        Stop();
        _end.Dispose();
        _folder.Dispose();
    }

    private void Stop()
    {
        _end.Cancel();
        _end.Dispose();
        try
        {
            _waiting.Wait();
        }
        catch (AggregateException ended) when (ended.InnerException is OperationCanceledException)
        {
            // Nobody used the last code.
        }
    }
}
