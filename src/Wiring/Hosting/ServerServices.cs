// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;
using Tutti.Wiring.Corridor.Links;
using Tutti.Wiring.Outcomes;
using WireState = Tutti.Contracts.Server.V1.ComponentState;

namespace Tutti.Wiring.Hosting;

/// <summary>Puts what a process knows of itself into the words of the wire.</summary>
internal sealed class DescribeProcess(ServerProcess process, ServerCorridor corridor, TimeProvider clock)
{
    public async Task<ServerStatus> Handle(CancellationToken cancellationToken)
    {
        var status = new ServerStatus
        {
            Host = process.HostName,
            Version = ServerSelf.Version,
            ProcessId = (uint)Environment.ProcessId,
            StartedAtMs = process.Started.ToUnixTimeMilliseconds(),
            ClockMs = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            Corridor = DescribeCorridor.Of(corridor),
        };
        status.Corridor.Warnings.AddRange(process.EndingForPeople);
        foreach (var component in process.Components)
        {
            status.Components.Add(await Describe(component, cancellationToken));
        }

        status.Listeners.AddRange(process.Ports.Select(port => new ListenerStatus
        {
            Name = NameOf(port.Listener),
            Address = port.Address.Address.ToString(),
            Port = (uint)port.Address.Port,
            Tls = port.IsTls,
        }));
        status.HomeInternalPorts.AddRange(process.HomeInternalPorts.Select(port => (uint)port));
        return status;
    }

    private async Task<ComponentStatus> Describe(RunningComponent component, CancellationToken cancellationToken)
    {
        var report = await component.Report(cancellationToken);
        var status = new ComponentStatus
        {
            Name = component.Name,
            State = Wire(component.State),
            Ready = report.Ready,
            PublicUrl = report.PublicUrl ?? "",
            StoreId = report.StoreId ?? "",
            SharesStore = report.SharesStore,
        };
        status.Problems.AddRange(report.Problems);
        status.Figures.AddRange(report.Figures.Select(figure => new Contracts.Server.V1.Figure { Name = figure.Name, Value = figure.Value, Unfinished = figure.IsUnfinished }));
        if (component.Doors.Any(door => door.Listener == Listener.Tracker))
        {
            status.TrackerPort = (uint)(process.Ports.FirstOrDefault(port => port.Listener == Listener.Tracker)?.Address.Port ?? 0);
        }

        return status;
    }

    private static WireState Wire(ComponentState state) => state switch
    {
        ComponentState.Stopped => WireState.Stopped,
        ComponentState.Starting => WireState.Starting,
        ComponentState.Running => WireState.Running,
        ComponentState.Stopping => WireState.Stopping,
        ComponentState.Failed => WireState.Failed,
    };

    private static string NameOf(Listener listener) => listener switch
    {
        Listener.Web => "web",
        Listener.TrackerWeb => "tracker-web",
        Listener.Internal => "internal",
        Listener.Tracker => "tracker",
        Listener.Control => "control",
    };
}

/// <summary>Tells HUB how this process is.</summary>
internal sealed class StatusService(DescribeProcess describe, CheckLinks links) : Server.ServerBase
{
    public override Task<ServerStatus> GetStatus(StatusRequest request, ServerCallContext context) => describe.Handle(context.CancellationToken);

    public override async Task<LinkCheckReply> CheckLinks(LinkCheckRequest request, ServerCallContext context) => new() { Rows = { await links.Handle(context.CancellationToken) } };
}

/// <summary>Takes commands of the person who owns home.</summary>
internal sealed class ControlService(ServerProcess process, ServerCorridor corridor, DescribeProcess describe, CheckLinks links) : Control.ControlBase
{
    public override Task<ReloadReply> ReloadCorridor(ReloadRequest request, ServerCallContext context)
    {
        corridor.Reload(now: true);
        return Task.FromResult(new ReloadReply { Corridor = DescribeCorridor.Of(corridor) });
    }

    public override async Task<ReloadReply> SwitchCorridor(SwitchRequest request, ServerCallContext context) =>
        await process.SwitchCorridor(request.Back, CancellationToken.None) is { } refusal
            ? throw RefusedCall.Of(refusal)
            : new ReloadReply { Corridor = DescribeCorridor.Of(corridor) };

    public override async Task<LinkCheckReply> CheckLinks(LinkCheckRequest request, ServerCallContext context) => new()
    {
        Rows = { request.All ? await links.HandleAll(context.CancellationToken) : await links.Handle(context.CancellationToken) },
    };

    public override Task<ServerStatus> GetStatus(StatusRequest request, ServerCallContext context) => describe.Handle(context.CancellationToken);

    public override async Task<ServerStatus> StopComponent(ComponentRequest request, ServerCallContext context)
    {
        await Find(request.Name).Stop(CancellationToken.None);
        return await describe.Handle(context.CancellationToken);
    }

    public override async Task<ServerStatus> StartComponent(ComponentRequest request, ServerCallContext context)
    {
        try
        {
            await Find(request.Name).Start(CancellationToken.None);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"{request.Name} could not start: {e.Message}"));
        }

        return await describe.Handle(context.CancellationToken);
    }

    public override async Task<ServerStatus> ReopenInternalPorts(ReopenRequest request, ServerCallContext context)
    {
        try
        {
            await process.ReopenInternalPorts(CancellationToken.None);
        }
        catch (ConfigurationException e)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, string.Join(' ', e.Complaints)));
        }

        return await describe.Handle(context.CancellationToken);
    }

    private RunningComponent Find(string name) =>
        process.Components.FirstOrDefault(component => component.Name == name)
        ?? throw new RpcException(new Status(
            StatusCode.NotFound, $"{name} is not a component of this process, which runs {string.Join(", ", process.Components.Select(component => component.Name))}."));
}
