// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Hosting;

namespace Tutti.Wiring.Tests.Corridor.Callers;

/// <summary>A component with a door for every service of the corridor; whoever comes through to one hears UNIMPLEMENTED.</summary>
internal sealed class AllServices : IComponent
{
    public static string Name => "trk";

    public static IReadOnlyList<Door> Doors { get; } =
        [new(Listener.Internal, "/tutti.hub.v1."), new(Listener.Internal, "/tutti.dst.v1."), new(Listener.Internal, "/tutti.trk.v1."), new(Listener.Internal, "/tutti.trk.replacement.v1."), new(Listener.Tracker, "/tutti.trk.v1.")];

    /// <summary>Every service that the contracts know, other than those of the control socket.</summary>
    public static IReadOnlyList<ServiceDescriptor> OfTheCorridor { get; } =
    [
        .. typeof(Server).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: true, IsSealed: true })
            .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null))
            .OfType<ServiceDescriptor>()
            .Where(service => !service.FullName.Contains(".control.", StringComparison.Ordinal) && service.FullName != "tutti.server.v1.Control"),
    ];

    public static void Add(WebApplicationBuilder builder)
    {
    }

    public static void Map(WebApplication app)
    {
        app.MapGrpcService<Registry>();
        app.MapGrpcService<SignIn>();
        app.MapGrpcService<Publications>();
        app.MapGrpcService<Clicks>();
        app.MapGrpcService<Deliveries>();
        app.MapGrpcService<Fates>();
        app.MapGrpcService<Files>();
        app.MapGrpcService<Suppression>();
        app.MapGrpcService<Lanes>();
        app.MapGrpcService<Listserv>();
        app.MapGrpcService<Rehearsals>();
        app.MapGrpcService<Replacement>();
    }

    /// <summary>Calls a method with an empty message and tells how it ended.</summary>
    public static async Task<Status> Call(ChannelBase channel, MethodDescriptor method)
    {
        var bytes = Marshallers.Create(message => message, message => message);
        var wire = new Method<byte[], byte[]>(MethodType.Unary, method.Service.FullName, method.Name, bytes, bytes);
        try
        {
            await channel.CreateCallInvoker().AsyncUnaryCall(wire, null, new CallOptions(cancellationToken: TestContext.Current.CancellationToken), []);
            return Status.DefaultSuccess;
        }
        catch (RpcException e)
        {
            return e.Status;
        }
    }

    internal sealed class Registry : Contracts.Hub.V1.Registry.RegistryBase;

    internal sealed class SignIn : Contracts.Hub.V1.SignIn.SignInBase;

    internal sealed class Publications : Contracts.Trk.V1.Publications.PublicationsBase;

    internal sealed class Clicks : Contracts.Trk.V1.Events.EventsBase;

    internal sealed class Deliveries : Contracts.Dst.V1.Deliveries.DeliveriesBase;

    internal sealed class Fates : Contracts.Dst.V1.Events.EventsBase;

    internal sealed class Files : Contracts.Dst.V1.Files.FilesBase;

    internal sealed class Suppression : Contracts.Dst.V1.Suppression.SuppressionBase;

    internal sealed class Lanes : Contracts.Dst.V1.Lanes.LanesBase;

    internal sealed class Listserv : Contracts.Dst.V1.Listserv.ListservBase;

    internal sealed class Rehearsals : Contracts.Dst.V1.Rehearsals.RehearsalsBase;

    internal sealed class Replacement : Contracts.Trk.Replacement.V1.Replacement.ReplacementBase;
}
