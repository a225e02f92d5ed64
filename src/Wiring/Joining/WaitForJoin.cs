// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Telemetry;

namespace Tutti.Wiring.Joining;

/// <summary>Keeps a server that runs nothing yet on its internal port, with the join and nothing else, until it is let in or its code is over.</summary>
public sealed partial class WaitForJoin
{
    // Each connection has 10 seconds to show that it knows the secret.
    private const int MostAtOnce = 16;
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(300);
    private readonly HomeFolder _home;
    private readonly IDictionary _environment;
    private readonly TimeProvider _clock;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _logger;

    private WaitForJoin(HomeFolder home, IDictionary environment, TimeProvider clock)
    {
        (_home, _environment, _clock) = (home, environment, clock);
        _logs = ComponentLog.ForServer(home);
        _logger = _logs.CreateLogger<WaitForJoin>();
    }

    /// <summary>The code that a server waits with before it runs anything; null if it does not wait so.</summary>
    public static JoinTicket? Of(HomeFolder home, IDictionary environment, TimeProvider clock)
    {
        var ticket = JoinTicket.Find(home);
        var files = new ClusterHome(home, environment, clock);
        return ticket is { Purpose: JoinPurpose.New } && !files.IsSecured && !files.IsPrepared ? ticket : null;
    }

    /// <summary>Waits.</summary>
    /// <param name="home">The installation folder.</param>
    /// <param name="environment">Environment variables that override settings.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>True if the server was let in, false if its code is over.</returns>
    /// <exception cref="ConfigurationException">The port cannot be opened, or the configuration is wrong.</exception>
    public static async Task<bool> Run(HomeFolder home, IDictionary environment, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var wait = new WaitForJoin(home, environment, clock);
        using (wait._logs)
        {
            return await wait.Run(cancellationToken);
        }
    }

    private async Task<bool> Run(CancellationToken cancellationToken)
    {
        // Where each component has a process of its own, one of them listens and the others wait with it.
        FileStream? turn;
        while ((turn = TakeTurn()) is null)
        {
            await Task.Delay(_lookEvery, _clock, cancellationToken);
            if (JoinTicket.Find(_home) is null)
            {
                return IsLetIn;
            }
        }

        await using (turn)
        {
            return await Listen(cancellationToken);
        }
    }

    private bool IsLetIn => new ClusterHome(_home, _environment, _clock) is { IsSecured: true } or { IsPrepared: true };

    private FileStream? TakeTurn()
    {
        try
        {
            return new FileStream(_home.Resolve("conf/join.wait"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<bool> Listen(CancellationToken cancellationToken)
    {
        if (JoinTicket.Find(_home) is not { } ticket || !ticket.IsGood(_clock.GetUtcNow()))
        {
            return IsLetIn;
        }

        var configuration = ServerConfiguration.Read(_home, _environment);
        var first = configuration.Of(configuration.Components[0]);

        // Whoever is to let it in is on another host, so loopback would be no use.
        var endPoint = new IPEndPoint(configuration.Common.InternalBind.Length > 0 ? configuration.InternalBind : configuration.Bind, first.InternalPort);
        using var listener = new TcpListener(endPoint);
        try
        {
            listener.Start();
        }
        catch (SocketException exception)
        {
            throw new ConfigurationException([configuration.Complain(nameof(ServerSettings.InternalPort), $"port {endPoint.Port} of {endPoint.Address} cannot be opened: {exception.Message}")]);
        }

        LogWaiting(endPoint.ToString(), ticket.Until.UtcDateTime);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var over = new CancellationTokenSource(ticket.Until - _clock.GetUtcNow(), _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(end.Token, over.Token);
        var joined = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var overToo = both.Token.Register(() => joined.TrySetResult(false));
        var accepting = Accept(listener, joined, both.Token);
        var isJoined = await joined.Task;
        await end.CancelAsync();
        await accepting;
        cancellationToken.ThrowIfCancellationRequested();
        if (!isJoined)
        {
            LogOver();
        }

        return isJoined;
    }

    private async Task Accept(TcpListener listener, TaskCompletionSource<bool> joined, CancellationToken cancellationToken)
    {
        var answer = new AnswerJoin(_home, _environment, _clock, _logs.CreateLogger<AnswerJoin>());
        List<Task> running = [];
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var client = await listener.AcceptTcpClientAsync(cancellationToken);
                running.RemoveAll(task => task.IsCompleted);
                if (running.Count >= MostAtOnce)
                {
                    client.Dispose();
                    continue;
                }

                running.Add(Serve(answer, client, joined, cancellationToken));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The waiting is over.
        }

        await Task.WhenAll(running);
    }

    private static async Task Serve(AnswerJoin answer, TcpClient client, TaskCompletionSource<bool> joined, CancellationToken cancellationToken)
    {
        using (client)
        {
            var peer = client.Client.RemoteEndPoint?.ToString() ?? "-";
            if (await answer.Handle(client.GetStream(), peer, cancellationToken))
            {
                joined.TrySetResult(true);
            }
            // A connection that came to nothing while another one was let in says nothing about the code.
            else if (!answer.IsWaiting && !answer.HasLetIn)
            {
                joined.TrySetResult(false);
            }
        }
    }

    [LoggerMessage(1155, LogLevel.Information, "This server waits on {Address} to be let into an installation, until {Until:HH:mm} UTC", EventName = "wiring.join.waiting")]
    private partial void LogWaiting(string address, DateTime until);

    [LoggerMessage(1156, LogLevel.Error, "The code of this server is over: it is too old, or was guessed at too often. Make a new one: tutti cluster prepare", EventName = "wiring.join.over")]
    private partial void LogOver();
}
