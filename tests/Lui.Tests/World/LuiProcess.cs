// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Dapper;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Lui.Components;
using Tutti.Lui.Content;
using Tutti.Lui.Delivery;
using Tutti.Lui.Delivery.Batches;
using Tutti.Lui.Fates;
using Tutti.Lui.Feeds;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Preflight;
using Tutti.Lui.Senders;
using Tutti.Lui.Suppression;
using Tutti.Lui.Tracking;
using Tutti.Lui.Webhooks;
using Tutti.Lui.Webhooks.Sending;
using Tutti.Testing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Storage;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Tests.World;

/// <summary>
/// One life of LUI's process, without its loops: the tests take the steps themselves, in any order, and abandon it
/// wherever they like. The database outlives it.
/// </summary>
internal sealed class LuiProcess : IAsyncDisposable
{
    private static readonly Actor _somebody = new("1", "Ada");

    private readonly TemporaryFolder _home = new();
    private readonly WebApplication _application;

    private LuiProcess(Database database, int hubPort, TimeProvider clock)
    {
        var home = new HomeFolder(_home.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(home.ServerIni)!);
        File.WriteAllLines(home.ServerIni, ["Components=lui", "HostName=localhost", "Bind=127.0.0.1", $"Hub=localhost:{hubPort}"]);
        var server = ServerConfiguration.Read(home, new Hashtable());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        ((IHostApplicationBuilder)builder).Properties[typeof(SettingsSource)] = new SettingsSource(IniFile.Parse("lui.ini", "TimeZone=UTC\nCheckLinks=no\nWebhookNetworks=127.0.0.0/8\nLinkCheckNetworks=127.0.0.0/8"), "lui", new Hashtable());
        builder.Services.AddSingleton(server).AddSingleton(server.Of("lui")).AddSingleton(home).AddSingleton(home.Component("lui")).AddSingleton(clock).AddSingleton(new Peers(server));
        UserInterface.Add(builder);
        builder.Services.AddSingleton(database);
        _application = builder.Build();
        Database = database;
    }

    public Database Database { get; }

    public static LuiProcess Start(Database database, int hubPort, TimeProvider clock) => new(database, hubPort, clock);

    public T Get<T>()
        where T : notnull => _application.Services.GetRequiredService<T>();

    /// <summary>A job that lacks nothing but its authorization.</summary>
    public async Task<Job> Prepare(int recipients, JobTracking tracking = JobTracking.Personal, string html = "<p>Dear {{ name }}, <a href=\"https://example.org/a\">a</a> {% if city == 'Bonn' %}<a href=\"https://example.org/b\">b</a>{% endif %}</p>")
    {
        var job = (await Get<CreateJob>().Handle(new CreateJob.Command("Spring", _somebody), default)).Value;
        await Fill(job.Id, recipients);
        _ = (await Get<SaveContent>().Handle(new SaveContent.Command(job.Id, _somebody, "Hello {{ name }}", html, "Dear {{ name }} https://example.org/c"), default)).Value;
        _ = (await Get<ChooseTracking>().Handle(new ChooseTracking.Command(job.Id, _somebody, tracking), default)).Value;
        _ = (await Get<NameSender>().Handle(new NameSender.Command(job.Id, _somebody, "The Society", "news@sender.example", null), default)).Value;
        _ = (await Get<WaiveTest>().Handle(new WaiveTest.Command(job.Id, _somebody), default)).Value;
        return (await Get<ScheduleJob>().Handle(new ScheduleJob.Command(job.Id, null, null, _somebody), default)).Value;
    }

    /// <summary>A job that is authorized and due.</summary>
    public async Task<Job> Authorized(int recipients, JobTracking tracking = JobTracking.Personal)
    {
        var job = await Prepare(recipients, tracking);
        await PassPreflight(job);
        return (await Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, _somebody), default)).Value;
    }

    /// <summary>Looks at a job and lets every warning pass.</summary>
    public async Task PassPreflight(Job job)
    {
        _ = (await Get<RunPreflight>().Handle(job.Id, default)).Value;
        _ = (await Get<TickWarnings>().Handle(new TickWarnings.Command(job.Id, _somebody, Keys: null), default)).Value;
    }

    /// <summary>Rows as the importer leaves them.</summary>
    public Task Fill(long jobId, int recipients) => Database.Write(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var id = await NumberSequence.Next(transaction, NumberSequence.Recipients, default);
            await connection.ExecuteAsync(
                """
                INSERT INTO recipient_source (id, job_id, state, file_name, file_size, encoding, delimiter, quote, has_header, columns, address_column, valid, invalid,
                    duplicates, by_id, by_name, created_at)
                VALUES (@id, @jobId, 'ready', 'spring.csv', 1, 'utf-8', ',', '"', 1, '["email","name","city"]', 0, @recipients, 0, 0, '1', 'Ada', 0)
                """,
                new { id, jobId, recipients },
                transaction);
            await connection.ExecuteAsync(
                """
                INSERT INTO recipient (recipients_id, id, address, normalized, display_name, fields)
                VALUES (@id, @number, @address, @address, @name, @fields)
                """,
                Enumerable.Range(1, recipients).Select(number => new
                {
                    id,
                    number,
                    address = $"r{number}@rcpt.example",
                    name = $"Nr {number}",
                    fields = $"[\"r{number}@rcpt.example\",\"Nr {number}\",\"{(number % 2 == 0 ? "Bonn" : "Ulm")}\"]",
                }),
                transaction);
            await connection.ExecuteAsync("UPDATE job SET recipients_id = @id WHERE id = @jobId", new { id, jobId }, transaction);
        },
        default);

    /// <summary>Asks HUB who is there.</summary>
    public async Task<bool> Refresh() => (await Get<RefreshComponents>().Handle(default)).Answered;

    /// <summary>What the delivery worker does in one look; deliveries one after the other.</summary>
    public Task Deliver() => DeliverUntil(CancellationToken.None);

    /// <summary>The same, with a way to cut it off in the middle.</summary>
    public async Task DeliverUntil(CancellationToken cancellationToken)
    {
        foreach (var delivery in await Get<AdvanceDeliveries>().Handle(cancellationToken))
        {
            await Get<HandOver>().Handle(delivery, cancellationToken);
            await Get<FinishDelivery>().Handle(delivery, cancellationToken);
        }
    }

    /// <summary>Reads the distributors' and trackers' events until there is nothing new; who is away is left alone.</summary>
    public async Task Read()
    {
        foreach (var distributor in await Get<ComponentStore>().List(Component.Distributors, default))
        {
            await Until(distributor, async one =>
            {
                await Get<PushSuppression>().Handle(one, default);
                return await Get<FetchFates>().Handle(one, TimeSpan.Zero, default);
            });
        }

        foreach (var tracker in await Get<ComponentStore>().List(Component.Trackers, default))
        {
            await Until(tracker, async one =>
            {
                await Get<PublishLinks>().CatchUp(one, default);
                return await Get<FetchReactions>().Handle(one, TimeSpan.Zero, default);
            });
        }
    }

    /// <summary>What the worker of the webhooks does in one look.</summary>
    public async Task TellWebhooks()
    {
        while (await Get<SpreadEvents>().Handle(default))
        {
        }

        foreach (var webhook in await Get<WebhookStore>().List(default))
        {
            while (await Get<SendMessages>().Handle(webhook.Id, default))
            {
            }
        }
    }

    public async Task<Job> Job(long id) => (await Get<JobStore>().Find(id, default))!;

    /// <summary>The end of this life: nothing is finished, nothing is said to anybody.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _home.Dispose();
    }

    private async Task Until(Component component, Func<Component, Task<FeedRound>> round)
    {
        try
        {
            while (true)
            {
                var fresh = (await Get<ComponentStore>().Find(component.Id, default))!;
                if (await round(fresh) == FeedRound.Nothing)
                {
                    return;
                }
            }
        }
        catch (RpcException)
        {
            // As the loop does: the next look tries again.
        }
    }
}
