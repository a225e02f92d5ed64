// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Lui.Components;
using Tutti.Wiring.Transport;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Listserv;

/// <summary>A LISTSERV that a distributor works with.</summary>
/// <param name="Distributor">The distributor.</param>
/// <param name="Domain">Domain of LISTSERV's addresses.</param>
/// <param name="Account">In whose name commands and jobs run.</param>
/// <param name="BounceList">The list in whose change log bounces are looked for; empty if there is none.</param>
/// <param name="Captures">The distributor keeps all mail in its capture mailbox.</param>
internal sealed record ListservConnection(Component Distributor, string Domain, string Account, string BounceList, bool Captures);

/// <summary>Asks the distributors with which LISTSERV they work. One that is away counts as it last answered.</summary>
internal sealed class Connections(ComponentStore components, Peers peers, TimeProvider clock)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<long, Wire.ListservConnection> _known = new();

    /// <summary>All of them, in the order of the distributors.</summary>
    public async Task<IReadOnlyList<ListservConnection>> List(CancellationToken cancellationToken)
    {
        var distributors = await components.List(Component.Distributors, cancellationToken);
        var answers = await Task.WhenAll(distributors.Select(distributor => Ask(distributor, cancellationToken)));
        return
        [
            .. distributors.Zip(answers)
                .Where(pair => pair.Second is { SetUp: true })
                .Select(pair => new ListservConnection(pair.First, pair.Second!.Domain, pair.Second.Account, pair.Second.BounceList, pair.Second.Captures)),
        ];
    }

    /// <summary>The way to a distributor's LISTSERV.</summary>
    public Wire.Listserv.ListservClient Client(Component distributor) => new(peers.Dial(distributor.Host, distributor.InternalPort));

    private async Task<Wire.ListservConnection?> Ask(Component distributor, CancellationToken cancellationToken)
    {
        try
        {
            using var patience = new Patience(clock, cancellationToken, _patience);
            var answer = await Client(distributor).GetConnectionAsync(new(), cancellationToken: patience.Token);
            return _known[distributor.Id] = answer;
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            // Away, or older than this question.
            return _known.GetValueOrDefault(distributor.Id);
        }
    }
}
