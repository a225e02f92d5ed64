// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Frame.Words;
using Tutti.Lui.Components;

namespace Tutti.Lui.Listserv;

/// <summary>What a LISTSERV said when it was asked.</summary>
/// <param name="Problem">Why it did not answer, in words; null if it did.</param>
/// <param name="Version">What it says of itself.</param>
/// <param name="Lists">The lists of the account.</param>
/// <param name="Words">What it said instead of lists.</param>
internal sealed record ListservAnswer(string? Problem, IReadOnlyList<string> Version, IReadOnlyList<string> Lists, string Words);

/// <summary>Has a distributor ask its LISTSERV. It may take some seconds.</summary>
internal sealed class CheckConnection(Connections connections, TimeProvider clock)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    public async Task<ListservAnswer> Handle(Component distributor, CancellationToken cancellationToken)
    {
        try
        {
            using var patience = new Patience(clock, cancellationToken, _patience);
            var report = await connections.Client(distributor).CheckAsync(new(), cancellationToken: patience.Token);
            return new ListservAnswer(report.Problem.Length > 0 ? report.Problem : null, report.Version, report.Lists, report.Words);
        }
        catch (RpcException problem) when (!cancellationToken.IsCancellationRequested)
        {
            return new ListservAnswer(SharedWords.Fill(ListservWords.DistributorSays, distributor.Title, PeerWords.Of(problem)), [], [], "");
        }
    }
}
