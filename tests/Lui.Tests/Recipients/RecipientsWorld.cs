// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Recipients.Import;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Recipients;

/// <summary>One life of the part of LUI that knows recipients, over a database that outlives it.</summary>
internal sealed class RecipientsWorld : IAsyncDisposable
{
    public static readonly Actor Ada = new("1", "Ada");
    private readonly ImportWorker _worker;
    private bool _isStopped;

    public RecipientsWorld(Database database, string folder, int maxUploadMegabytes = 64, string node = "here:1099")
    {
        Jobs = new JobStore(database, TimeProvider.System);
        Sources = new RecipientSourceStore(database);
        Recipients = new RecipientStore(database);
        Leases = new Leases(database, node, Clock);
        Runs = new ImportRunStore(database, Queue);
        Uploads = new UploadStore(database, new ComponentFolder("lui", folder), new UploadSettings { MaxUploadMegabytes = maxUploadMegabytes }, Clock);
        Upload = new UploadRecipients(Jobs, Sources, Uploads, Clock);
        Preview = new PreviewRecipients(Sources, Uploads);
        Start = new StartImport(Preview, Sources, Queue);
        Stop = new StopImport(Sources, Queue, Runs);
        Download = new DownloadRecipients(Recipients);
        _worker = new ImportWorker(
            Queue,
            new RunImport(
                Queue,
                new ImportFile(database),
                new CompleteImport(database, Jobs, Sources, Recipients, Uploads, Clock),
                Runs,
                Recipients,
                Uploads,
                Leases,
                Clock,
                NullLogger<RunImport>.Instance),
            Sources,
            Recipients,
            Uploads,
            Leases,
            Clock,
            NullLogger<ImportWorker>.Instance);
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));

    public ImportQueue Queue { get; } = new();

    public JobStore Jobs { get; }

    public RecipientSourceStore Sources { get; }

    public RecipientStore Recipients { get; }

    public UploadStore Uploads { get; }

    public Leases Leases { get; }

    public ImportRunStore Runs { get; }

    public UploadRecipients Upload { get; }

    public PreviewRecipients Preview { get; }

    public StartImport Start { get; }

    public StopImport Stop { get; }

    public DownloadRecipients Download { get; }

    /// <summary>Starts the worker; before that, imports wait in line.</summary>
    public Task Run() => _worker.StartAsync(default);

    public Task<Job> CreateJob() => Jobs.Create(
        new DateOnly(2026, 11, 24),
        (id, code) => new Job { Id = id, Code = code, Title = "Spring", Owner = Ada, CreatedAt = Clock.GetUtcNow() },
        new JournalEntry(Clock.GetUtcNow(), Ada, "created", "Created."),
        default);

    public async Task<Outcome<RecipientSource>> Begin(Job job, byte[] file, CsvChoice? choice = null)
    {
        using var content = new MemoryStream(file);
        var uploaded = await Upload.Handle(new UploadRecipients.Command(job.Id, "spring.csv", content, choice ?? new CsvChoice(), Ada), default);
        return uploaded.Is(out var result, out var refusal)
            ? await Start.Handle(new StartImport.Command(result.Source.Id, choice ?? new CsvChoice(), Ada), default)
            : refusal;
    }

    /// <summary>Uploads, imports and waits for the end.</summary>
    public async Task<RecipientSource> Import(Job job, byte[] file, CsvChoice? choice = null)
    {
        var source = (await Begin(job, file, choice)).Value;
        await Queue.WhenEnded(source.Id);
        return (await Sources.Find(source.Id, default))!;
    }

    public Task<RecipientSource> Import(Job job, string file, CsvChoice? choice = null) => Import(job, Encoding.UTF8.GetBytes(file), choice);

    /// <summary>Addresses in use, in their order.</summary>
    public async Task<string[]> Addresses(Job job)
    {
        var used = (await Jobs.Find(job.Id, default))!.RecipientsId;
        return used is { } id ? [.. (await Recipients.Read(id, 0, long.MaxValue, 1_000_000, default)).Select(recipient => recipient.Address)] : [];
    }

    /// <summary>Lines that were set apart, as "line kind: reason".</summary>
    public async Task<string[]> SetApart(RecipientSource source)
    {
        var lines = new List<SetAside>();
        foreach (var kind in Enum.GetValues<SetAsideKind>())
        {
            lines.AddRange(await Recipients.ReadSetAside(source.Id, kind, 0, 1000, default));
        }

        return [.. lines.OrderBy(line => line.Line).Select(line => $"{line.Line} {Words.Of(line.Kind)}: {line.Reason}")];
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isStopped)
        {
            _isStopped = true;
            await _worker.StopAsync(default);
            _worker.Dispose();
        }
    }
}
