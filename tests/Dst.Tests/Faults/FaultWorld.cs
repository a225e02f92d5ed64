// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Lanes;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Smtp.Encryption;

namespace Tutti.Dst.Tests.Faults;

/// <summary>
/// A store and two clocks: one for the queue, which goes on while a test waits, and one for the waits on connections, which goes on only while a receiver
/// lets somebody wait. So no test depends on how fast the machine is, and none takes the minutes that the settings allow.
/// </summary>
internal sealed class FaultWorld : IAsyncDisposable
{
    public const ulong Job = 7;
    private readonly FakeTimeProvider _queue = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
    private readonly Store _store = Store.OnSqlite();

    /// <summary>Measures the waits on connections.</summary>
    public FakeTimeProvider Wire { get; } = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));

    /// <summary>When it began.</summary>
    public DateTimeOffset Start { get; } = DateTimeOffset.Parse("2026-11-24T10:00:00Z", null);

    /// <summary>Delivers over one connection to a receiver, and compares its mailboxes with the fates.</summary>
    /// <returns>The events, by recipient.</returns>
    public async Task<IReadOnlyList<Event>> Deliver(FaultyReceiver receiver, int recipients, Func<ulong, string>? value = null, Action? tick = null)
    {
        await using var distributor = await Begin($"127.0.0.1:{receiver.Port}");
        receiver.OnSlowByte = () => Wire.Advance(TimeSpan.FromSeconds(1));
        return await Deliver(distributor, [receiver], Batch(recipients, value: value), tick ?? (() => PassTime(receiver)));
    }

    /// <summary>A distributor that sends everything to one host, with one connection.</summary>
    public Task<TestDistributor> Begin(string smarthost, SmarthostTls tls = SmarthostTls.May, TlsRoots? roots = null) => Begin(
        new RouteSettings { Mode = DeliveryMode.Smarthost, Smarthost = smarthost, SmarthostTls = tls }, roots);

    /// <summary>A distributor with routes of the test's, and what else is to be other than usual.</summary>
    public Task<TestDistributor> Begin(RouteSettings routes, TlsRoots? roots = null, Action<IServiceCollection>? instead = null) => TestDistributor.Start(
        _store.Database,
        _queue,
        port: 0,
        new LaneSettings { Connections = 1 },
        new QueueSettings { RetryAfter = TimeSpan.FromSeconds(1) },
        routes: routes,
        instead: services =>
        {
            services.AddSingleton(_ => new SmtpDialer(new SmtpSettings(), "dst.example", Wire, roots));
            instead?.Invoke(services);
        });

    public static Batch Batch(int recipients, Func<ulong, string>? address = null, Func<ulong, string>? value = null)
    {
        var batch = Make.WireBatch(Job, 1, 1, recipients, address ?? (id => $"user{id}@rcpt.example"));
        foreach (var recipient in batch.Recipients)
        {
            recipient.Values[0] = value?.Invoke(recipient.Id) ?? recipient.Values[0];
        }

        return batch;
    }

    /// <summary>Delivers, and compares the mailboxes of all receivers with the fates.</summary>
    public async Task<IReadOnlyList<Event>> Deliver(TestDistributor distributor, IReadOnlyList<FaultyReceiver> receivers, Batch batch, Action? tick = null)
    {
        await distributor.Open(Job);
        await distributor.Submit(batch);
        return await Finish(distributor, receivers, batch, tick);
    }

    /// <summary>Waits until everybody has a fate, and compares the mailboxes with them.</summary>
    public async Task<IReadOnlyList<Event>> Finish(TestDistributor distributor, IReadOnlyList<FaultyReceiver> receivers, Batch batch, Action? tick = null)
    {
        await distributor.Finish(Job, tick ?? (() => PassTime([.. receivers])));
        return await Compare(distributor, receivers, batch);
    }

    /// <summary>The queue's time goes on; that of a connection only while a receiver lets it wait.</summary>
    public void PassTime(params ReadOnlySpan<FaultyReceiver> receivers)
    {
        _queue.Advance(TimeSpan.FromSeconds(5));
        foreach (var receiver in receivers)
        {
            if (receiver.IsStuck)
            {
                Wire.Advance(TimeSpan.FromSeconds(50));
            }
        }
    }

    /// <summary>The queue's time goes on.</summary>
    public void PassTime(TimeSpan by) => _queue.Advance(by);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static async Task<IReadOnlyList<Event>> Compare(TestDistributor distributor, IReadOnlyList<FaultyReceiver> receivers, Batch batch)
    {
        var events = await distributor.Events();
        Assert.Equal(batch.Recipients.Select(one => one.Id), events.Select(one => one.RecipientId).Order());
        var fates = events.OrderBy(one => one.RecipientId).ToList();
        foreach (var (fate, recipient) in fates.Zip(batch.Recipients))
        {
            var taken = receivers.Sum(receiver => receiver.Taken.GetValueOrDefault(recipient.Address.Split('@')[0]));
            var agrees = fate.Fate switch
            {
                Fate.Accepted => taken == 1,
                Fate.InDoubt => taken is 0 or 1,
                _ => taken == 0,
            };
            Assert.True(agrees, $"{recipient.Address} is {fate.Fate} ({fate.Reply}) and has {taken} messages.");
        }

        return fates;
    }
}
