// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Hub.Control.V1;
using Tutti.Hub.Cluster;
using Tutti.Hub.Components;
using Tutti.Hub.Moves;
using Tutti.Wiring.Outcomes;
using Wire = Tutti.Contracts.Hub.Control.V1;

namespace Tutti.Hub.Servers;

/// <summary>The servers of the installation for the command line; reached on the control socket only.</summary>
internal sealed class ServersService(ServerStore servers, AddServer add, JoinServer join, RemoveServer remove, MoveComponents move, RetireTracker retire) : Wire.Servers.ServersBase
{
    /// <inheritdoc/>
    public override async Task<ServerList> List(ListRequest request, ServerCallContext context) =>
        ToWire(InstallationCorridor.Of(await servers.All(context.CancellationToken)));

    /// <inheritdoc/>
    public override async Task<AddReply> Add(AddRequest request, ServerCallContext context)
    {
        var outcome = request.Code.Length == 0
            ? await add.Handle(new(request.Address, Doer.CommandLine), context.CancellationToken)
            : await join.Handle(new(request.Address, request.Code, Doer.CommandLine), context.CancellationToken);
        if (!outcome.Is(out var added, out var refusal))
        {
            throw RefusedCall.Of(refusal);
        }

        return new AddReply { Servers = { added.Processes.Select(ToWire) }, Notes = { added.Notes }, WasKnown = added.WasKnown };
    }

    /// <inheritdoc/>
    public override async Task<RemoveReply> Remove(RemoveRequest request, ServerCallContext context)
    {
        if (!(await remove.Handle(new(request.Address, request.Force, Doer.CommandLine), context.CancellationToken)).Is(out var removed, out var refusal))
        {
            throw RefusedCall.Of(refusal);
        }

        return new RemoveReply { Host = removed.Server.Host, Port = (uint)removed.Server.Port, GivenUp = { removed.Server.UnfinishedWork }, Notes = { removed.Notes } };
    }

    /// <inheritdoc/>
    public override async Task<MoveReply> Move(MoveRequest request, ServerCallContext context) =>
        (await move.Handle(new(request.From, request.To, Doer.CommandLine), context.CancellationToken)).Is(out var moved, out var refusal)
            ? new MoveReply { From = moved.From, To = moved.To, Components = { moved.Components }, Hot = moved.IsHot, Forgotten = moved.Forgotten, Notes = { moved.Notes } }
            : throw RefusedCall.Of(refusal);

    /// <inheritdoc/>
    public override async Task<RetireReply> Retire(RetireRequest request, ServerCallContext context) =>
        (await retire.Handle(new(request.Address, TimeSpan.FromMilliseconds(request.QuietMs), Doer.CommandLine), context.CancellationToken)).Is(out var retired, out var refusal)
            ? new RetireReply { Address = retired.From, Successor = retired.Successor, Forgotten = retired.Forgotten }
            : throw RefusedCall.Of(refusal);

    private static ServerList ToWire(InstallationCorridor corridor)
    {
        var list = new ServerList { Mixed = corridor.IsMixed, Problems = { corridor.Problems }, Notes = { corridor.Notes } };
        if (corridor.IsOpen)
        {
            list.Notes.Add(ServersWords.PortsOpenNote);
        }

        foreach (var one in corridor.Servers)
        {
            var wire = ToWire(one.Server);
            (wire.Corridor, wire.Odd) = (one.State, one.IsOdd);
            (wire.Certificate, wire.SslIni, wire.Secured) = one.Conditions is { } met ? (met.Certificate, met.SslIni, met.Secured) : ("", "", "");
            list.Servers.Add(wire);
        }

        return list;
    }

    private static Wire.KnownServer ToWire(Components.KnownServer server)
    {
        var wire = new Wire.KnownServer
        {
            Host = server.Host,
            Port = (uint)server.Port,
            Answers = server.Answers,
            Problem = server.Problem ?? "",
            Version = server.Version ?? "",
            ClockOffsetMs = (long)server.ClockOffset.TotalMilliseconds,
            Components = { server.Components.Select(ToWire) },
        };
        if (server.StartedAt is { } started)
        {
            wire.StartedAtMs = started.ToUnixTimeMilliseconds();
        }

        if (server.Corridor is { } corridor)
        {
            (wire.Issuer, wire.Serial) = (corridor.Issuer, corridor.Serial);
            wire.CertificateNames.AddRange(corridor.Names);
            wire.Warnings.AddRange(corridor.Warnings);
            foreach (var (code, count) in corridor.Refusals)
            {
                wire.Refusals[code] = count;
            }

            if (corridor.NotAfter is { } end)
            {
                wire.NotAfterMs = end.ToUnixTimeMilliseconds();
            }
        }

        if (server.SeenAt is { } seen)
        {
            wire.SeenAtMs = seen.ToUnixTimeMilliseconds();
        }

        return wire;
    }

    private static Wire.KnownComponent ToWire(Components.KnownComponent component)
    {
        var wire = new Wire.KnownComponent
        {
            Name = component.Name,
            State = component.State,
            Ready = component.Ready,
            PublicUrl = component.PublicUrl,
            TrackerPort = (uint)component.TrackerPort,
            Problems = { component.Problems },
        };
        foreach (var figure in component.Figures)
        {
            wire.Figures[figure.Name] = wire.Figures.GetValueOrDefault(figure.Name) + figure.Value;
            if (figure.IsUnfinished)
            {
                wire.Unfinished[figure.Name] = wire.Unfinished.GetValueOrDefault(figure.Name) + figure.Value;
            }
        }

        return wire;
    }
}
