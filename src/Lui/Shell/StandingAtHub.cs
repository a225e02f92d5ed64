// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Grpc.Core;
using Tutti.Contracts.Hub.V1;
using Tutti.Frame.People;
using Tutti.Lui.Components;

namespace Tutti.Lui.Shell;

/// <summary>
/// Asks the hub whether somebody who signed in is still welcome, and remembers its answer for a moment. While the hub is away who is in
/// stays in.
/// </summary>
internal sealed class StandingAtHub(HubCaller hub, TimeProvider clock) : IStanding
{
    /// <summary>How long an answer counts, and so the longest time a disabled account goes on while the hub answers.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<long, Answer> _answers = new();

    /// <inheritdoc/>
    public async Task<bool> IsWelcome(SignedIn person, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_answers.TryGetValue(person.Id, out var known) && known.Stamp == person.Stamp && now - known.At < Remembered)
        {
            return known.Welcome;
        }

        var welcome = await Ask(person, cancellationToken) ?? (known is null || known.Stamp != person.Stamp || known.Welcome);
        _answers[person.Id] = new(person.Stamp, welcome, now);
        return welcome;
    }

    /// <summary>Null if the hub does not answer, or is too old to know.</summary>
    private async Task<bool?> Ask(SignedIn person, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await new SignIn.SignInClient(hub.Channel()).StandingAsync(
                new StandingRequest { Account = (ulong)person.Id, Stamp = (ulong)person.Stamp },
                deadline: clock.GetUtcNow().UtcDateTime + _patience,
                cancellationToken: cancellationToken);
            return reply.Welcome;
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private sealed record Answer(long Stamp, bool Welcome, DateTimeOffset At);
}
