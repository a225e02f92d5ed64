// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Transport;

namespace Tutti.Hub.Components;

/// <summary>Asks all servers again and again how they are, starting with this server's own processes.</summary>
internal sealed partial class WatchServersWorker(
    ServerStore servers,
    OwnProcesses own,
    AskServer askServer,
    HandDownCallers callers,
    ComponentsSettings settings,
    TimeProvider clock,
    ILogger<WatchServersWorker> logger) : BackgroundService
{
    private readonly Dictionary<(string Host, int Port), bool> _answered = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.WatchEvery, clock);
        try
        {
            do
            {
                await AskAllOrWait(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (Exception end) when (CalledOff.Is(end, stoppingToken))
        {
            // The component stops.
        }
    }

    private async Task AskAllOrWait(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (host, port) in own.Addresses)
            {
                await servers.Add(host, port, cancellationToken);
            }

            await AskAll(cancellationToken);
        }
        catch (DbException failure)
        {
            // The database is away; the next look tries again.
            LogNotKept(failure);
        }
    }

    private async Task AskAll(CancellationToken cancellationToken)
    {
        var known = await servers.All(cancellationToken);
        var answers = await Task.WhenAll(known.Select(async server => (server.Host, server.Port, IsThere: await askServer.Handle(server.Host, server.Port, cancellationToken))));
        await callers.Handle(cancellationToken);
        foreach (var (host, port, isThere) in answers)
        {
            // Said once per change, not at every look.
            if (!_answered.TryGetValue((host, port), out var before) || before != isThere)
            {
                _answered[(host, port)] = isThere;
                if (isThere)
                {
                    LogAnswers(host, port);
                }
                else
                {
                    LogSilent(host, port);
                }
            }
        }
    }

    [LoggerMessage(2201, LogLevel.Information, "Server {Host}:{Port} answers", EventName = "hub.server.answers")]
    private partial void LogAnswers(string host, int port);

    [LoggerMessage(2202, LogLevel.Warning, "Server {Host}:{Port} does not answer", EventName = "hub.server.silent")]
    private partial void LogSilent(string host, int port);

    [LoggerMessage(2203, LogLevel.Error, "What the servers answered could not be kept", EventName = "hub.server.not-kept")]
    private partial void LogNotKept(Exception failure);
}
