// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.World;

/// <summary>The LISTSERV of a scripted distributor, seen from the contract.</summary>
public sealed class ScriptedListserv : Contracts.Dst.V1.Listserv.ListservBase
{
    public ListservConnection Connection { get; set; } = new();

    /// <summary>Subscribers by list, in pages of two.</summary>
    public Dictionary<string, List<Subscriber>> Lists { get; } = [];

    /// <summary>Breaks off behind so many pages.</summary>
    public int BreaksAfter { get; set; } = int.MaxValue;

    public void SetUp() => Connection = new ListservConnection { SetUp = true, Domain = "lists.example.com", Account = "tutti@example.com" };

    public override Task<ListservConnection> GetConnection(ConnectionRequest request, ServerCallContext context) => Task.FromResult(Connection);

    public override Task<ListservReport> Check(ConnectionRequest request, ServerCallContext context) =>
        Task.FromResult(new ListservReport { Connection = Connection, Version = { "A double" }, Lists = { Lists.Keys } });

    public override async Task Review(ListRequest request, IServerStreamWriter<SubscriberPage> responseStream, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(responseStream);
        ArgumentNullException.ThrowIfNull(request);
        var pages = Lists.GetValueOrDefault(request.List, []).Chunk(2).ToList();
        foreach (var page in pages.Take(BreaksAfter))
        {
            await responseStream.WriteAsync(new SubscriberPage { Subscribers = { page } });
        }

        if (pages.Count > BreaksAfter)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the answer broke off"));
        }

        await responseStream.WriteAsync(new SubscriberPage { Words = pages.Count == 0 ? "That is not known here." : "" });
    }
}
