// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.RegularExpressions;
using Tutti.System.Tests.Layouts;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Joining;

/// <summary>An installation on hosts of their own that gets its certificates from its own authority, driven by commands only.</summary>
internal sealed partial class JoiningLayout(Layout layout)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    private ServerHome Hub => layout.At("hub");

    /// <summary>HUB's server: set up, started, given its authority, and started again.</summary>
    public async Task Begin(params string[] settings)
    {
        await Hub.SetUp(null, settings);
        await Hub.Start();
        (await Hub.Command("cluster", "init")).Expect(0);
        await Hub.Stop();
        Hub.Launch();
        await Ready(Hub);
    }

    /// <summary>A new server with <c>setup --join</c>, running and waiting.</summary>
    /// <returns>Its code.</returns>
    public static async Task<string> SetUp(ServerHome server, params string[] settings)
    {
        var set = settings.Append($"lui.PublicUrl={server.Web}").Append($"trk.PublicUrl={server.TrackerWeb}")
            .Where(setting => server.Has(setting[..setting.IndexOf('.', StringComparison.Ordinal)]))
            .SelectMany(setting => new[] { "--set", setting });
        var made = (await server.Command(["setup", "--components", string.Join(',', server.Components), "--host", server.Host, "--join", "--no-run", .. set])).Expect(0);
        return CodeIn(made.Output);
    }

    /// <summary>What HUB answers to a code.</summary>
    public Task<CommandResult> Add(ServerHome server, string code) => Hub.Command("hub", "servers", "add", server.Host, "--code", code);

    /// <summary>Sets a new server up, lets it in, and waits until it does its work.</summary>
    public async Task Join(ServerHome server, params string[] settings)
    {
        var code = await SetUp(server, settings);
        server.Launch();
        await Waits(server);
        (await Add(server, code)).Expect(0);
        await Ready(server);
    }

    /// <summary>Waits until a server waits to be let in.</summary>
    public static Task Waits(ServerHome server) => Waiting.Until(
        () => server.Run.Output.Contains("waits on", StringComparison.Ordinal), _patience, () => $"{server.Host} does not wait.\n{server.Run.Output}");

    /// <summary>Waits until every component of a server says that it can do its work.</summary>
    public static Task Ready(ServerHome server) => Waiting.Until(
        async () =>
        {
            Assert.False(server.Run.HasExited, server.Run.Output);
            return await Read(server) is { } status && status.GetProperty("components").EnumerateArray().Count(component => component.GetProperty("ready").GetBoolean()) == server.Components.Count;
        },
        _patience,
        () => $"{server.Host} does not become ready.\n{server.Run.Output}");

    /// <summary>Whether HUB saw a server answer when it looked last.</summary>
    public async Task<bool> Answers(ServerHome server)
    {
        var list = (await Hub.Command("hub", "servers", "list", "--json")).Expect(0);
        return JsonDocument.Parse(list.LastLine).RootElement.GetProperty("servers").EnumerateArray().Any(one => one.GetProperty("host").GetString() == server.Host && one.GetProperty("answers").GetBoolean());
    }

    /// <summary>The list in a server's file.</summary>
    public static async Task<string[]> Allowed(ServerHome server, string file = "commands/ssl.ini") =>
        [.. (await File.ReadAllLinesAsync(Path.Combine(server.Home, file), TestContext.Current.CancellationToken))
            .Single(line => line.StartsWith("SSLAllowedClients=", StringComparison.Ordinal))["SSLAllowedClients=".Length..].Split(',').Order(StringComparer.Ordinal)];

    /// <summary>The code that a command printed.</summary>
    public static string CodeIn(string output) => Code().Match(output) is { Success: true } match ? match.Value : throw new InvalidDataException($"No code in: {output}");

    private static async Task<JsonElement?> Read(ServerHome server)
    {
        var status = await server.Command("status", "--json");
        return status.LastLine.StartsWith('{') ? JsonDocument.Parse(status.LastLine).RootElement : null;
    }

    [GeneratedRegex("(?:[0-9A-Z]{4}-){13}[0-9A-Z]{4}")]
    private static partial Regex Code();
}
