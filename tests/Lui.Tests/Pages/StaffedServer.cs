// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub;
using Tutti.Hub.Accounts;
using Tutti.Testing;
using Tutti.Testing.Server;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Pages;

/// <summary>The user interface with its hub on real ports, and somebody who can sign in.</summary>
public sealed class StaffedServer : IAsyncLifetime
{
    private const string Account = "admin";
    private const string Password = "correct horse";

    private readonly TemporaryFolder _folder = new();

    public TestServer Server { get; private set; } = null!;

    /// <summary>The hub's file, for what an administrator does there meanwhile.</summary>
    public string HubFile { get; private set; } = "";

    public Visitor Stranger() => new(Server.Web);

    public async Task<Visitor> Staff()
    {
        var visitor = Stranger();
        using var came = await SignIn(visitor, "/sign-in");
        return visitor;
    }

    public static Task<HttpResponseMessage> SignIn(Visitor visitor, string page) => visitor.SignIn(page, Account, Password);

    public async ValueTask InitializeAsync()
    {
        var home = new HomeFolder(_folder.Path);
        Directory.CreateDirectory(home.Component("hub").Data);
        HubFile = Path.Combine(home.Component("hub").Data, "hub.sqlite");
        await using (var database = Database.OnSqlite(HubFile))
        {
            await FirstAdministrator.Create(database, Account, Password, TimeProvider.System, CancellationToken.None);
        }

        Server = await TestServer.Start([ComponentType.Of<AdministrationHub>(), ComponentType.Of<UserInterface>()], home: home);
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        _folder.Dispose();
    }
}
