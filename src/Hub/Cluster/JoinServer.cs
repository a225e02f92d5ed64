// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Contracts.Server.V1;
using Tutti.Frame.Words;
using Tutti.Hub.Audit;
using Tutti.Hub.Components;
using Tutti.Hub.Servers;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Joining;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Cluster;

/// <summary>
/// Lets a server into the installation with the code that it printed: every other server has its name before it gets its
/// certificate. HUB killed at any step, the same command goes on from there.
/// </summary>
internal sealed class JoinServer(OwnAuthority authority, SpreadList spread, IssuedStore issued, ServerStore servers, AddServer add, JoinOutside outside, AuditStore audit, TimeProvider clock)
{
    // The new server starts its components now.
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _askEvery = TimeSpan.FromMilliseconds(250);

    /// <param name="Address">HOST or HOST:PORT.</param>
    /// <param name="Code">As the server printed it.</param>
    /// <param name="Who">Who wants it.</param>
    /// <param name="Progress">Hears what is done just now, in words.</param>
    public sealed record Command(string Address, string Code, Doer Who, Action<string>? Progress = null);

    public async Task<Outcome<AddedServer>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!ServerAddress.Read(command.Address).Is(out var address, out var refusal))
        {
            return refusal;
        }

        var isOutside = !authority.IsThere && authority.Home.IsSecured;
        if (!isOutside && !authority.Read().Is(out _, out refusal))
        {
            return refusal;
        }

        if (!JoinCode.TryParse(command.Code, out var code))
        {
            return ClusterRefusals.Code;
        }

        if (!HostNames.TryNormalize(address.Host, out var host, out var problem))
        {
            return ClusterRefusals.HostName(address.Host, problem);
        }

        var port = address.Port ?? ServerAddress.DefaultPort;
        if (isOutside)
        {
            return await outside.Handle(new(address.Host, host, port, code, command.Who, command.Progress), cancellationToken);
        }

        command.Progress?.Invoke(ClusterWords.IsDialled);
        if (!(await JoinCall.Open(address.Host, port, code, clock, cancellationToken)).Is(out var call, out refusal))
        {
            return refusal;
        }

        await using (call)
        {
            if (call.Request is null)
            {
                // It was let in by an earlier call that was killed before it could say so.
                var known = (await issued.All(cancellationToken)).FirstOrDefault(each => each.Serial == call.Certificate.SerialNumber);
                return known is { RevokedAt: null } && known.Host == host
                    ? await Register(command, address.Host, [port], cancellationToken)
                    : ClusterRefusals.NotIssued(command.Address);
            }

            if (await LetIn(command, call, call.Request, address.Host, host, port, cancellationToken) is { } no)
            {
                await call.Refuse(no, cancellationToken);
                return no;
            }

            // These do not start by themselves; nobody waits for them.
            if (call.Request.Purpose == "renew" || (call.Request.Purpose == "prepare" && authority.Home.IsSecured))
            {
                return await WithoutStart(command, call.Request, port, cancellationToken);
            }

            return await Register(command, call.Request.Host, [.. call.Request.HomeInternalPorts.Select(each => (int)each).Append(port).Distinct().Order()], cancellationToken);
        }
    }

    private async Task<Refusal?> LetIn(Command command, JoinCall call, JoinRequest request, string dialled, string host, int port, CancellationToken cancellationToken)
    {
        var known = (await servers.All(cancellationToken)).Any(server => server.Port == port && string.Equals(server.Host, dialled, StringComparison.OrdinalIgnoreCase));
        if (!HostNames.TryNormalize(request.Host, out var own) || own != host)
        {
            return ClusterRefusals.OtherName(dialled, request.Host);
        }

        // Before anybody's list changes for a server that gets no certificate.
        if (authority.Read().Is(out var current, out _) && NameConstraints.In(current.Next ?? current.Root) is var domains && !NameConstraints.Permit(domains, host))
        {
            return ClusterRefusals.OtherDomain(host, domains);
        }

        if (request.Components.Contains(AdministrationHub.Name))
        {
            return ServerRefusals.SecondHub(string.Create(CultureInfo.InvariantCulture, $"{dialled}:{port}"));
        }

        var allowed = authority.Home.Allowed;
        switch (request.Purpose)
        {
            case "new" when known:
                return ClusterRefusals.NameKnown(string.Create(CultureInfo.InvariantCulture, $"{dialled}:{port}"));
            case "renew" when !allowed.Contains(host):
                return ClusterRefusals.NameUnknown(dialled);
        }

        // A name that HUB's own list has is in all others: that list is changed last, and who was away gets it when it is back.
        if (!allowed.Contains(host))
        {
            command.Progress?.Invoke(ClusterWords.OthersGetList);
            allowed = [.. allowed, host];
            if (await spread.Handle(allowed, host, cancellationToken) is { } notSpread)
            {
                return notSpread;
            }
        }

        if (!(await authority.Sign(request.SigningRequest, host, cancellationToken)).Is(out var certificate, out var refusal) || !authority.Read().Is(out var signer, out refusal))
        {
            return refusal;
        }

        command.Progress?.Invoke(ClusterWords.GetsCertificate);
        var grant = new ClusterGrant(certificate, signer.Trusted, allowed, authority.OwnName, authority.Home.IsSecured);
        return (await call.Grant(grant, cancellationToken)).Is(out _, out refusal) ? null : refusal;
    }

    private async Task<Outcome<AddedServer>> WithoutStart(Command command, JoinRequest request, int port, CancellationToken cancellationToken)
    {
        foreach (var each in request.HomeInternalPorts.Select(each => (int)each).Append(port).Distinct())
        {
            await servers.Add(request.Host, each, cancellationToken);
        }

        var address = string.Create(CultureInfo.InvariantCulture, $"{request.Host}:{port}");
        await audit.Add("server.joined", command.Who.Account, command.Who.From, address, cancellationToken);
        var known = (await servers.All(cancellationToken)).Where(server => server.Host == request.Host && server.Port == port).ToList();
        return new AddedServer(known, [SharedWords.Fill(request.Purpose == "renew" ? ClusterWords.StartNow : ClusterWords.RestartNow, address)], WasKnown: true);
    }

    private async Task<Outcome<AddedServer>> Register(Command command, string host, IReadOnlyList<int> ports, CancellationToken cancellationToken)
    {
        foreach (var port in ports)
        {
            await servers.Add(host, port, cancellationToken);
        }

        command.Progress?.Invoke(ClusterWords.StartsComponents);
        var address = string.Create(CultureInfo.InvariantCulture, $"{host}:{ports[0]}");
        await audit.Add("server.joined", command.Who.Account, command.Who.From, address, cancellationToken);
        var deadline = clock.GetUtcNow() + _startLimit;
        while (true)
        {
            if ((await add.Handle(new AddServer.Command(address, command.Who), cancellationToken)).Is(out var added, out var refusal))
            {
                return added with { WasKnown = false };
            }

            if (clock.GetUtcNow() >= deadline)
            {
                var known = (await servers.All(cancellationToken)).Where(server => server.Host == host && ports.Contains(server.Port)).ToList();
                return new AddedServer(known, [SharedWords.Fill(ClusterWords.NotAnsweringYet, refusal.Message)], WasKnown: false);
            }

            await Task.Delay(_askEvery, clock, cancellationToken);
        }
    }
}
