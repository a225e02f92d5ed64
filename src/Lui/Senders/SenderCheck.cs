// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Grpc.Core;
using Tutti.Frame.Words;
using Tutti.Lui.Components;
using Tutti.Wiring.Transport;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Senders;

/// <summary>What a sender domain can expect of the distributors.</summary>
/// <param name="Domain">Domain of the From address.</param>
/// <param name="HasKey">Every distributor has a DKIM key for it; null if none answered yet.</param>
/// <param name="Blocks">A distributor delivers straight to the receivers and has no key: they would turn the mail away.</param>
/// <param name="Words">What that means and what to do; null if all is well.</param>
internal sealed record SenderVerdict(string Domain, bool? HasKey, bool Blocks, string? Words);

/// <summary>Asks the distributors whether they can sign for a domain. A distributor that is away counts as it last answered.</summary>
internal sealed class SenderCheck(ComponentStore components, Peers peers, TimeProvider clock)
{
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(long Component, string Domain), (Wire.CheckSenderReply Reply, DateTimeOffset At)> _answers = new();

    public async Task<SenderVerdict> Handle(string domain, CancellationToken cancellationToken)
    {
        var replies = new List<Wire.CheckSenderReply>();
        foreach (var distributor in await components.List(Component.Distributors, cancellationToken))
        {
            if (await Ask(distributor, domain, cancellationToken) is { } reply)
            {
                replies.Add(reply);
            }
        }

        if (replies.Count == 0)
        {
            return new SenderVerdict(domain, HasKey: null, Blocks: false, SendersWords.NotAnswered);
        }

        if (replies.TrueForAll(reply => reply.HasDkimKey))
        {
            return new SenderVerdict(domain, HasKey: true, Blocks: false, Words: null);
        }

        var blocks = replies.Exists(reply => reply is { HasDkimKey: false, Mode: "mx" });
        return new SenderVerdict(
            domain,
            HasKey: false,
            blocks,
            SharedWords.Fill(blocks ? SendersWords.UnsignedRefused : SendersWords.Unsigned, domain));
    }

    private async Task<Wire.CheckSenderReply?> Ask(Component distributor, string domain, CancellationToken cancellationToken)
    {
        var key = (distributor.Id, domain);
        if (_answers.TryGetValue(key, out var known) && clock.GetUtcNow() - known.At < _fresh)
        {
            return known.Reply;
        }

        try
        {
            using var patience = new Patience(clock, cancellationToken);
            var client = new Wire.Deliveries.DeliveriesClient(peers.Dial(distributor.Host, distributor.InternalPort));
            var reply = await client.CheckSenderAsync(new Wire.CheckSenderRequest { Domain = domain }, cancellationToken: patience.Token);
            _answers[key] = (reply, clock.GetUtcNow());
            return reply;
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            return known.Reply;
        }
    }
}
