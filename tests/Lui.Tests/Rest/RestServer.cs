// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Lui.Tokens;
using Tutti.Testing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Tests.Rest;

/// <summary>The whole user interface behind a real socket, as a program sees it.</summary>
internal sealed class RestServer : IAsyncDisposable
{
    private readonly TemporaryFolder _home;
    private readonly WebApplication _application;

    private RestServer(TemporaryFolder home, WebApplication application, string token)
    {
        _home = home;
        _application = application;
        Address = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient { BaseAddress = new Uri(Address, "/api/v1/") };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Uri Address { get; }

    /// <summary>Calls with a valid token.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts it.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="settings">Lines of lui.ini beside the usual ones.</param>
    public static async Task<RestServer> Start(CancellationToken cancellationToken, params string[] settings)
    {
        var folder = new TemporaryFolder();
        var home = new HomeFolder(folder.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(home.ServerIni)!);
        Directory.CreateDirectory(home.Component("lui").Data);
        await File.WriteAllLinesAsync(home.ServerIni, ["Components=lui", "HostName=localhost", "Bind=127.0.0.1", $"Hub=localhost:{FreePort.Next()}"], cancellationToken);
        var server = ServerConfiguration.Read(home, new Hashtable());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        ((IHostApplicationBuilder)builder).Properties[typeof(SettingsSource)] = new SettingsSource(IniFile.Parse("lui.ini", string.Join('\n', ["TimeZone=Europe/Berlin", "WebhookNetworks=127.0.0.0/8", .. settings])), "lui", new Hashtable());
        builder.Services.AddSingleton(server).AddSingleton(server.Of("lui")).AddSingleton(home).AddSingleton(home.Component("lui"))
            .AddSingleton(TimeProvider.System).AddSingleton(new Peers(server));
        builder.Services.AddGrpc();
        UserInterface.Add(builder);
        var application = builder.Build();
        UserInterface.Map(application);
        await application.StartAsync(cancellationToken);
        var token = (await application.Services.GetRequiredService<TokenCommands>().Create("test", "test", cancellationToken)).Value.Secret;
        return new RestServer(folder, application, token);
    }

    public T Get<T>()
        where T : notnull => _application.Services.GetRequiredService<T>();

    /// <summary>A call and its answer; the status must be the expected one.</summary>
    public async Task<JsonElement> Call(HttpMethod method, string path, object? body = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch { null => null, HttpContent content => content, _ => JsonContent.Create(body) };
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
        _home.Dispose();
    }
}
