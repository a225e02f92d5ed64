// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Hub.Audit;
using Tutti.Hub.Components;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Servers;

/// <summary>Who changed something, and from where.</summary>
/// <param name="Account">The account's name; for a command, what ran it.</param>
/// <param name="From">The client's address, or where the command came in.</param>
internal sealed record Doer(string Account, string From)
{
    /// <summary>The person who owns the home of this server.</summary>
    public static Doer CommandLine { get; } = new("(command line)", "control socket");
}

/// <summary>A server that belongs to the installation now.</summary>
/// <param name="Processes">Its processes: one, or one per component where they run separately.</param>
/// <param name="Notes">What people should know of it.</param>
/// <param name="WasKnown">Whether it belonged to it before.</param>
internal sealed record AddedServer(IReadOnlyList<KnownServer> Processes, IReadOnlyList<string> Notes, bool WasKnown);

/// <summary>Makes a server part of the installation: asks it at once, and takes it only if it is the one that was meant.</summary>
internal sealed class AddServer(
    ServerStore servers, OwnProcesses own, AskServer ask, HandDownCallers callers, InternalPorts ports, AuditStore audit, ServerConfiguration configuration)
{
    public sealed record Command(string Address, Doer Who);

    public async Task<Outcome<AddedServer>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!ServerAddress.Read(command.Address).Is(out var address, out var refusal))
        {
            return refusal;
        }

        var port = address.Port ?? ServerAddress.DefaultPort;
        if (!(await ask.Ask(address.Host, port, cancellationToken)).Is(out var answer, out refusal))
        {
            return refusal;
        }

        if (Check(address.Host, port, answer) is { } no)
        {
            return no;
        }

        // The server's own spelling, under which its User Interface makes itself known too.
        var host = answer.Status.Host;
        var known = await servers.All(cancellationToken);
        if (await SecondCopy(answer, port, known, cancellationToken) is { } copy)
        {
            return copy;
        }

        var wasKnown = known.Any(server => server.Host == host && server.Port == port);
        List<string> notes = [];
        List<KnownServer> processes = [];
        foreach (var each in answer.Status.HomeInternalPorts.Select(one => (int)one).Append(port).Distinct().Order())
        {
            await servers.Add(host, each, cancellationToken);
            var found = each == port ? answer : (await ask.Ask(host, each, cancellationToken)).Is(out var other, out _) ? other : null;
            if (found is null)
            {
                notes.Add(SharedWords.Fill(ServersWords.NotYetAnswering, string.Create(CultureInfo.InvariantCulture, $"{host}:{each}")));
                continue;
            }

            var described = AskServer.Describe(host, each, found);
            await servers.SaveAnswer(described, cancellationToken);
            processes.Add(described);
            notes.AddRange(NotesOn(described));
        }

        // Nobody refuses the new server because it has not heard of it.
        await callers.Handle(cancellationToken);
        if (!wasKnown)
        {
            await audit.Add("server.added", command.Who.Account, command.Who.From, string.Join("; ", processes.Select(InWords)), cancellationToken);
        }

        if (!IsOwn(host) && await ports.OpenToOthers(cancellationToken) is { } opened)
        {
            notes.Add(SharedWords.Fill(ServersWords.PortsOpened, opened.ToString()));
        }

        return new AddedServer(processes, notes, wasKnown);
    }

    /// <summary>What runs there must not run elsewhere with the same data; asked now, because the other may have been stopped just before.</summary>
    private async Task<Refusal?> SecondCopy(ServerAnswer answer, int port, IReadOnlyList<KnownServer> known, CancellationToken cancellationToken)
    {
        var mine = Describe(answer, port).Components.Where(component => component is { State: "running", StoreId.Length: > 0, SharesStore: false }).ToList();
        foreach (var other in known.Where(server => (server.Host != answer.Status.Host || server.Port != port) && server.Components.Any(component => mine.Exists(one => one.StoreId == component.StoreId))))
        {
            if ((await ask.Ask(other.Host, other.Port, cancellationToken)).Is(out var its, out _)
                && Describe(its, other.Port).Components.FirstOrDefault(component => component.State == "running" && mine.Exists(one => one.StoreId == component.StoreId)) is { } twin)
            {
                return ServerRefusals.SecondCopy(string.Create(CultureInfo.InvariantCulture, $"{answer.Status.Host}:{port}"), twin.Name, other.Address);
            }
        }

        return null;
    }

    private static KnownServer Describe(ServerAnswer answer, int port) => AskServer.Describe(answer.Status.Host, port, answer);

    private bool IsOwn(string host) => string.Equals(host, configuration.Common.HostName, StringComparison.OrdinalIgnoreCase);

    private Refusal? Check(string host, int port, ServerAnswer answer)
    {
        if (!string.Equals(answer.Status.Host, host, StringComparison.OrdinalIgnoreCase))
        {
            return ServerRefusals.OtherName(host, answer.Status.Host, port);
        }

        if (answer.Status.Components.Count == 0)
        {
            return ServerRefusals.Nothing($"{host}:{port}");
        }

        var isOwn = own.Addresses.Any(one => one.Port == port && string.Equals(one.Host, host, StringComparison.OrdinalIgnoreCase));
        return !isOwn && answer.Status.Components.Any(component => component.Name == AdministrationHub.Name) ? ServerRefusals.SecondHub($"{host}:{port}") : null;
    }

    private static string InWords(KnownServer server) =>
        $"{server.Address} version {server.Version}: {string.Join(", ", server.Components.Select(component => component.Name))}";

    private static IEnumerable<string> NotesOn(KnownServer server)
    {
        if (server.Version != ServerVersion.Own)
        {
            yield return SharedWords.Fill(ServersWords.OtherVersion, server.Address, server.Version ?? "", ServerVersion.Own);
        }

        if (server.ClockOffset.Duration() > KnownServer.NotableOffset)
        {
            yield return server.ClockOffset > TimeSpan.Zero
                ? SharedWords.Fill(ServersWords.ClockIsAhead, server.Host, SharedWords.Span(server.ClockOffset.Duration()))
                : SharedWords.Fill(ServersWords.ClockIsBehind, server.Host, SharedWords.Span(server.ClockOffset.Duration()));
        }

        foreach (var component in server.Components.Where(component => !component.IsWell))
        {
            yield return component switch
            {
                { Problems.Count: > 0 } => SharedWords.Fill(ServersWords.ComponentHas, component.Name, server.Address, string.Join(' ', component.Problems)),
                { State: "running" } => SharedWords.Fill(ServersWords.ComponentNotReady, component.Name, server.Address),
                _ => SharedWords.Fill(ServersWords.ComponentIs, component.Name, server.Address, component.State ?? ""),
            };
        }
    }
}
