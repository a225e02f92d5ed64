// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Inbound;
using Tutti.Dst.Journal;

namespace Tutti.Dst.Rehearsals;

/// <summary>All played receivers of one rehearsal, each at a free port of loopback.</summary>
internal sealed class PlayedStage : IAsyncDisposable
{
    private readonly Dictionary<string, SmtpReceiver> _receivers = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];

    /// <summary>Opens the ports.</summary>
    public PlayedStage(PlayedReceivers receivers, RehearsalClock clock, Measures measures, JournalWorker journal, ILogger<PlayedStage> logger)
    {
        foreach (var (name, receiver) in receivers.All)
        {
            var listening = new SmtpReceiver(
                new IPEndPoint(IPAddress.Loopback, 0), $"{name}.rehearsal.invalid", new PlayedMailbox(receiver, clock, measures, journal),
                new ReceiverLimits { Connections = 4096, MessageSize = receiver.Size }, clock, logger);
            _receivers.Add(name, listening);
            _running.Add(Task.Run(() => listening.Run(_stopping.Token)));
        }
    }

    /// <summary>Where an entry of <c>rehearsal.ini</c> is played.</summary>
    public int PortOf(string entry) => _receivers[entry].Endpoint.Port;

    /// <summary>Ends all conversations and closes the ports.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var receiver in _receivers.Values)
        {
            receiver.Dispose();
        }

        _stopping.Dispose();
    }
}
