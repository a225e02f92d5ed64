// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Lui.Components;
using Tutti.Wiring.Transport;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Senders;

/// <summary>One thing that receivers look at, as a distributor found it.</summary>
/// <param name="Subject">SPF, DKIM, DMARC, PTR or MX.</param>
/// <param name="Level">How serious it is.</param>
/// <param name="Text">What was found and what to do.</param>
/// <param name="Distributor">Who found it; null if there is only one distributor.</param>
internal sealed record DomainFinding(string Subject, Wire.DomainFinding.Types.Level Level, string Text, string? Distributor);

/// <summary>Has the distributors look at a sender domain as receivers do: what counts is where mail leaves. It may take some seconds.</summary>
internal sealed class LookAtDomain(ComponentStore components, Peers peers, TimeProvider clock)
{
    /// <summary>What they found, the worst first; null if none answered.</summary>
    public async Task<IReadOnlyList<DomainFinding>?> Handle(string domain, CancellationToken cancellationToken)
    {
        var distributors = await components.List(Component.Distributors, cancellationToken);
        var answers = await Task.WhenAll(distributors.Select(distributor => Ask(distributor, domain, cancellationToken)));
        if (answers.All(answer => answer is null))
        {
            return null;
        }

        return
        [
            .. distributors.Zip(answers)
                .Where(pair => pair.Second is not null)
                .SelectMany(pair => pair.Second!.Findings.Select(finding => new DomainFinding(finding.Subject, finding.Level, finding.Text, distributors.Count > 1 ? pair.First.Host : null)))
                .OrderByDescending(finding => finding.Level),
        ];
    }

    private async Task<Wire.DomainReport?> Ask(Component distributor, string domain, CancellationToken cancellationToken)
    {
        try
        {
            using var patience = new Patience(clock, cancellationToken);
            var client = new Wire.Deliveries.DeliveriesClient(peers.Dial(distributor.Host, distributor.InternalPort));
            return await client.CheckDomainAsync(new Wire.CheckSenderRequest { Domain = domain }, cancellationToken: patience.Token);
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
