// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Grpc.Core;
using Tutti.Dst.Deliveries;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Mail.Listserv;
using Tutti.Wiring.Outcomes;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Dst.Listserv;

/// <summary>LUI, and whoever owns this home, ask LISTSERV through here.</summary>
internal sealed class ListservService(ListservSettings settings, ListservDesk desk, MailRoutes routes) : Wire.Listserv.ListservBase
{
    private const int Page = 1000;

    /// <inheritdoc/>
    public override Task<Wire.ListservConnection> GetConnection(Wire.ConnectionRequest request, ServerCallContext context) => Task.FromResult(Connection());

    /// <inheritdoc/>
    public override async Task<Wire.ListservReport> Check(Wire.ConnectionRequest request, ServerCallContext context)
    {
        var report = new Wire.ListservReport { Connection = Connection() };
        if (!(await desk.Check(context.CancellationToken)).Is(out var health, out var refusal))
        {
            report.Problem = refusal.Message;
            return report;
        }

        report.Version.AddRange(health.Version);
        report.Lists.AddRange(health.Lists);
        report.Words = health.Words;
        return report;
    }

    /// <inheritdoc/>
    public override async Task Review(Wire.ListRequest request, IServerStreamWriter<Wire.SubscriberPage> responseStream, ServerCallContext context)
    {
        // Pages are written while LISTSERV still answers.
        var pages = Channel.CreateUnbounded<Wire.SubscriberPage>();
        var asking = Ask();
        await foreach (var page in pages.Reader.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(page, context.CancellationToken);
        }

        await responseStream.WriteAsync(new Wire.SubscriberPage { Words = OrThrow(await asking) }, context.CancellationToken);

        async Task<Outcome<string>> Ask()
        {
            try
            {
                var page = new Wire.SubscriberPage();
                var asked = await desk.Subscribers(
                    request.List,
                    one =>
                    {
                        page.Subscribers.Add(ToWire(one));
                        if (page.Subscribers.Count == Page)
                        {
                            pages.Writer.TryWrite(page);
                            page = new Wire.SubscriberPage();
                        }
                    },
                    context.CancellationToken);
                pages.Writer.TryWrite(page);
                return asked;
            }
            finally
            {
                pages.Writer.Complete();
            }
        }
    }

    /// <inheritdoc/>
    public override async Task<Wire.ListHeaderReply> GetHeader(Wire.ListRequest request, ServerCallContext context) =>
        Told(OrThrow(await desk.Header(request.List, context.CancellationToken)));

    /// <inheritdoc/>
    public override async Task<Wire.ListHeaderReply> PutHeader(Wire.PutHeaderRequest request, ServerCallContext context) =>
        Told(OrThrow(await desk.StoreHeader(request.List, request.Lines, context.CancellationToken)));

    /// <inheritdoc/>
    public override async Task<Wire.SubscriberReply> Add(Wire.SubscriberRequest request, ServerCallContext context) =>
        Told(OrThrow(await desk.Add(request.List, request.Address, request.Name, context.CancellationToken)));

    /// <inheritdoc/>
    public override async Task<Wire.SubscriberReply> Delete(Wire.SubscriberRequest request, ServerCallContext context) =>
        Told(OrThrow(await desk.Delete(request.List, request.Address, context.CancellationToken)));

    private static Wire.Subscriber ToWire(Subscription one)
    {
        var subscriber = new Wire.Subscriber { Address = one.Address, Name = one.Name, GetsMail = one.GetsMail };
        subscriber.Options.AddRange(one.Options);
        return subscriber;
    }

    private static Wire.ListHeaderReply Told((ListHeader? Header, string Words) found)
    {
        var reply = new Wire.ListHeaderReply { Words = found.Words };
        reply.Lines.AddRange(found.Header?.Lines ?? []);
        return reply;
    }

    private static Wire.SubscriberReply Told(SubscriptionChange change) => new() { Subscribed = change.Subscribed, Words = change.Words };

    private static T OrThrow<T>(Outcome<T> outcome) => outcome.Is(out var value, out var refusal) ? value : throw refusal.ToRpc();

    private Wire.ListservConnection Connection() => !settings.IsSetUp ? new() : new()
    {
        SetUp = true,
        Domain = settings.Domain,
        Account = settings.ListservUser,
        BounceList = settings.ListservBounceList,
        Captures = routes.Mode == DeliveryMode.Capture,
    };
}
