// SPDX-License-Identifier: Apache-2.0
using Grpc.Net.Client;
using Tutti.Hub.Accounts;
using Tutti.Testing;
using Tutti.Testing.Server;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Tests;

/// <summary>A hub on real ports, with an administrator; one for all tests.</summary>
public sealed class RunningHub : IAsyncLifetime
{
    public const string Account = "admin";
    public const string Password = "correct horse";
    public const int Failures = 3;

    private readonly TemporaryFolder _folder = new();
    private GrpcChannel? _channel;

    public TestServer Server { get; private set; } = null!;

    public GrpcChannel Channel => _channel!;

    public string DatabaseFile { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var home = new HomeFolder(_folder.Path);
        Directory.CreateDirectory(home.Component("hub").Data);
        DatabaseFile = Path.Combine(home.Component("hub").Data, "hub.sqlite");
        await using (var database = Database.OnSqlite(DatabaseFile))
        {
            await FirstAdministrator.Create(database, Account, Password, TimeProvider.System, CancellationToken.None);
        }

        Server = await TestServer.Start([ComponentType.Of<AdministrationHub>()], [("hub", $"SignInFailures={Failures}"), ("hub", "WatchEvery=00:00:00.2")], home: home);
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{Server.InternalPort}");
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        _folder.Dispose();
    }
}
