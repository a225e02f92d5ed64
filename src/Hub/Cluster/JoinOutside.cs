// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Contracts.Server.V1;
using Tutti.Frame.Words;
using Tutti.Hub.Audit;
using Tutti.Hub.Components;
using Tutti.Hub.Servers;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Joining;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Cluster;

/// <summary>
/// Lets a server into an installation whose certificates come from an authority outside: the code brings it the trusted roots and the
/// list. Its certificate is for people to fetch, and the lists of the others, which people wrote, are for people to lengthen.
/// </summary>
internal sealed class JoinOutside(OwnAuthority authority, ServerStore servers, AuditStore audit, HomeFolder home, ServerConfiguration configuration, TimeProvider clock)
{
    /// <param name="Dialled">The host as it was typed.</param>
    /// <param name="Host">The same, normalised.</param>
    /// <param name="Port">Its internal port.</param>
    /// <param name="Code">What it printed.</param>
    /// <param name="Who">Who wants it.</param>
    /// <param name="Progress">Hears what is done just now, in words.</param>
    public sealed record Command(string Dialled, string Host, int Port, JoinCode Code, Doer Who, Action<string>? Progress);

    public async Task<Outcome<AddedServer>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!TrustedRoots.ReadFilled(home, configuration.Common).Is(out var trusted, out var refusal))
        {
            return refusal;
        }

        command.Progress?.Invoke(ClusterWords.IsDialled);
        if (!(await JoinCall.Open(command.Dialled, command.Port, command.Code, clock, cancellationToken)).Is(out var call, out refusal))
        {
            return refusal;
        }

        await using (call)
        {
            if (call.Request is not { } request)
            {
                return ClusterRefusals.NotIssued(AddressOf(command.Dialled, command.Port));
            }

            if (await Check(command, request, cancellationToken) is { } no)
            {
                await call.Refuse(no, cancellationToken);
                return no;
            }

            // One that has come to its end would only be refused there.
            var now = clock.GetUtcNow();
            string[] allowed = [.. authority.Home.Allowed.Append(command.Host).Distinct(StringComparer.Ordinal)];
            command.Progress?.Invoke(ClusterWords.GetsRootsAndList);
            var grant = new OutsideGrant([.. trusted.Certificates.Where(root => !NewRoot.Judge(root, now).IsRefused)], allowed, configuration.Common.AcceptServerOnlyCertificates);
            return await call.Grant(grant, cancellationToken) is { } notTaken ? notTaken : await Register(command, request, allowed, cancellationToken);
        }
    }

    private async Task<Refusal?> Check(Command command, JoinRequest request, CancellationToken cancellationToken)
    {
        var address = AddressOf(command.Dialled, command.Port);
        return !HostNames.TryNormalize(request.Host, out var own) || own != command.Host ? ClusterRefusals.OtherName(command.Dialled, request.Host)
            : request.Components.Contains(AdministrationHub.Name) ? ServerRefusals.SecondHub(address)
            // One that runs plain would not come up again before its certificate is there.
            : request.Purpose != "new" ? ClusterRefusals.Outside(command.Dialled, authority.Home.Allowed)
            : (await servers.All(cancellationToken)).Any(server => server.Port == command.Port && string.Equals(server.Host, command.Dialled, StringComparison.OrdinalIgnoreCase)) ? ClusterRefusals.NameKnown(address)
            : null;
    }

    private async Task<Outcome<AddedServer>> Register(Command command, JoinRequest request, IReadOnlyList<string> allowed, CancellationToken cancellationToken)
    {
        var known = await servers.All(cancellationToken);
        int[] ports = [.. request.HomeInternalPorts.Select(each => (int)each).Append(command.Port).Distinct().Order()];
        foreach (var port in ports)
        {
            await servers.Add(request.Host, port, cancellationToken);
        }

        var address = AddressOf(request.Host, command.Port);
        await audit.Add("server.joined", command.Who.Account, command.Who.From, address, cancellationToken);
        List<string> notes = [SharedWords.Fill(ClusterWords.CertificateNext, address)];
        List<string> without = [.. known.Where(server => server.Corridor?.Allowed.Contains(command.Host, StringComparer.Ordinal) != true).Select(server => server.Host).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (without.Count > 0)
        {
            notes.Add(SharedWords.Fill(ClusterWords.ListsLack, request.Host, string.Join(", ", without), string.Join(',', allowed)));
        }

        var added = (await servers.All(cancellationToken)).Where(server => server.Host == request.Host && ports.Contains(server.Port)).ToList();
        return new AddedServer(added, notes, WasKnown: false);
    }

    private static string AddressOf(string host, int port) => string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
}
