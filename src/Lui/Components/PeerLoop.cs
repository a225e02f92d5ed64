// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Tutti.Lui.Feeds;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Components;

/// <summary>
/// One loop per component of a name, beside the others: a peer that hangs keeps nobody else waiting. Says in the log
/// and in the component's row when a peer goes away and when it is back.
/// </summary>
internal sealed partial class PeerLoop(ComponentStore components, Leases leases, TimeProvider clock, ILogger<PeerLoop> logger)
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

    /// <summary>Runs until it is cancelled.</summary>
    /// <param name="name">Which components.</param>
    /// <param name="every">Pause after a round in which nothing came, and after a failed one.</param>
    /// <param name="round">One round with one of them.</param>
    /// <param name="cancellationToken">Ends all loops.</param>
    public async Task Run(string name, TimeSpan every, Func<Component, CancellationToken, Task<FeedRound>> round, CancellationToken cancellationToken)
    {
        var loops = new Dictionary<long, Task>();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                foreach (var component in await components.List(name, cancellationToken))
                {
                    if (!loops.TryGetValue(component.Id, out var loop) || loop.IsCompleted)
                    {
                        loops[component.Id] = Loop(component.Id, name, every, round, cancellationToken);
                    }
                }
            }
            catch (DbException problem)
            {
                LogDatabase(name, problem);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            await Task.Delay(_look, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(loops.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Loop(long id, string name, TimeSpan every, Func<Component, CancellationToken, Task<FeedRound>> round, CancellationToken cancellationToken)
    {
        await Task.Yield();
        while (!cancellationToken.IsCancellationRequested)
        {
            // Read anew each time: its address and its feed may have changed, and it may have been taken off the list.
            var component = (await components.List(name, cancellationToken)).FirstOrDefault(one => one.Id == id);
            if (component is null)
            {
                return;
            }

            var started = clock.GetTimestamp();
            var result = FeedRound.Nothing;
            try
            {
                // One reader per feed, and one node to say who is away.
                if (await leases.Keep($"{component.Name} {component.Id}", cancellationToken))
                {
                    result = await round(component, cancellationToken);
                    await Answers(component, cancellationToken);
                }
            }
            catch (RpcException problem) when (!cancellationToken.IsCancellationRequested)
            {
                await DoesNotAnswer(component, problem, cancellationToken);
            }

            var pause = every - clock.GetElapsedTime(started);
            if (result == FeedRound.Nothing && pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, clock, cancellationToken);
            }
        }
    }

    private async Task Answers(Component component, CancellationToken cancellationToken)
    {
        if (component.Problem is not null)
        {
            await components.SaveProblem(component.Id, problem: null, cancellationToken);
            LogBack(component.Title);
        }
    }

    private async Task DoesNotAnswer(Component component, RpcException problem, CancellationToken cancellationToken)
    {
        var words = PeerWords.Of(problem);
        if (component.Problem != words)
        {
            await components.SaveProblem(component.Id, words, cancellationToken);
            if (component.Problem is null)
            {
                LogAway(component.Title, words);
            }
        }
    }

    [LoggerMessage(4530, LogLevel.Warning, "{Component} {Reason}", EventName = "lui.peer.away")]
    private partial void LogAway(string component, string reason);

    [LoggerMessage(4531, LogLevel.Information, "{Component} answers again", EventName = "lui.peer.back")]
    private partial void LogBack(string component);

    [LoggerMessage(4532, LogLevel.Error, "The database did not say which components {Name} there are; it is asked again", EventName = "lui.peer.database")]
    private partial void LogDatabase(string name, DbException problem);
}
