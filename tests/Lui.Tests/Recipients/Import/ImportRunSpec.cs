// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients;
using Tutti.Lui.Recipients.Csv;
using Tutti.Testing;

namespace Tutti.Lui.Tests.Recipients.Import;

/// <summary>How an import goes: begun, stopped, killed, gone on with elsewhere, and what it leaves.</summary>
public abstract class ImportRunSpec : RecipientsSpec
{
    [Fact]
    public async Task A_file_that_was_refused_can_be_imported_again_and_is_refused_for_the_same_line_and_reason()
    {
        var refused = await World.Import(Job, "email,name\nnobody,Ann\nneither,Bo\n");
        await World.Start.Handle(new StartImport.Command(refused.Id, new CsvChoice(), RecipientsWorld.Ada), Stop);
        await World.Queue.WhenEnded(refused.Id);
        var again = (await World.Sources.Find(refused.Id, Stop))!;

        Assert.Equal(SourceState.Failed, again.State);
        Assert.Contains("Line 2", again.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(refused.Failure, again.Failure);
    }

    [Fact]
    public async Task A_new_file_takes_the_place_of_the_old_one_and_invalidates_the_test()
    {
        var first = await World.Import(Job, "email\na@rcpt.example\n");
        await World.Jobs.Change(Job.Id, null, job => job.WaiveTest(RecipientsWorld.Ada, World.Clock.GetUtcNow()), _ => null, Stop);
        var second = await World.Import(Job, "email\nb@rcpt.example\nc@rcpt.example\n");
        Assert.Equal(["b@rcpt.example", "c@rcpt.example"], await World.Addresses(Job));
        Assert.Equal(TestState.Outdated, (await World.Jobs.Find(Job.Id, Stop))!.TestState);

        // The third import waits until the worker has cleared away what the second left.
        await World.Import(Job, "email\nd@rcpt.example\n");
        Assert.Null(await World.Sources.Find(first.Id, Stop));
        Assert.Empty(await World.Recipients.Read(first.Id, 0, long.MaxValue, 10, Stop));
        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public async Task A_file_that_fails_leaves_the_old_recipients_in_use()
    {
        await World.Import(Job, "email\na@rcpt.example\n");
        Assert.Equal(SourceState.Failed, (await World.Import(Job, "email\nnobody\n")).State);
        Assert.Equal(["a@rcpt.example"], await World.Addresses(Job));
        Assert.Equal(Lui.Jobs.Steps.StepState.NeedsAttention, (await Step()).State);
        var newest = (await World.Sources.Newest(Job.Id, Stop))!;
        Assert.False((await World.Stop.Discard(new StopImport.Command(newest.Id), Stop)).IsRefused);
        Assert.Equal(Lui.Jobs.Steps.StepState.Done, (await Step()).State);
    }

    [Fact]
    public async Task AJob_that_was_authorized_meanwhile_keeps_its_recipients()
    {
        await Restart();
        var source = (await World.Begin(Job, "email\na@rcpt.example\n"u8.ToArray())).Value;
        await World.Jobs.Change(Job.Id, null, job => job with { State = JobState.Waiting }, _ => null, Stop);
        await World.Run();
        await World.Queue.WhenEnded(source.Id);
        source = (await World.Sources.Find(source.Id, Stop))!;
        Assert.Equal((SourceState.Failed, "job.not-open"), (source.State, source.Failure?.Code));
        Assert.Empty(await World.Recipients.Read(source.Id, 0, long.MaxValue, 10, Stop));
        Assert.Equal("job.not-open", (await World.Begin(Job, "email\n"u8.ToArray())).Refusal.Code);
    }

    [Fact]
    public async Task An_import_can_be_stopped_and_started_again()
    {
        await Restart();
        var source = (await World.Begin(Job, "email\na@rcpt.example\n"u8.ToArray())).Value;
        Assert.Equal("recipients.importing", (await World.Begin(Job, "email\nb@rcpt.example\n"u8.ToArray())).Refusal.Code);
        Assert.False((await World.Stop.Handle(new StopImport.Command(source.Id), Stop)).IsRefused);
        await World.Run();
        await World.Queue.WhenEnded(source.Id);
        Assert.Equal("recipients.stopped", (await World.Sources.Find(source.Id, Stop))!.Failure?.Code);

        await World.Start.Handle(new StartImport.Command(source.Id, new CsvChoice(), RecipientsWorld.Ada), Stop);
        await World.Queue.WhenEnded(source.Id);
        Assert.Equal(["a@rcpt.example"], await World.Addresses(Job));
        Assert.Equal("recipients.not-importing", (await World.Stop.Handle(new StopImport.Command(source.Id), Stop)).Refusal.Code);
        Assert.Equal("recipients.not-importable", (await World.Start.Handle(new StartImport.Command(source.Id, new CsvChoice(), RecipientsWorld.Ada), Stop)).Refusal.Code);
    }

    [Fact]
    public async Task What_a_dead_process_left_half_done_is_begun_again()
    {
        await Restart();
        var source = (await World.Begin(Job, "email\na@rcpt.example\nb@rcpt.example\n"u8.ToArray())).Value;
        var chunk = new Lui.Recipients.Import.RecipientChunk();
        var text = chunk.Write("half@rcpt.example"u8);
        chunk.Recipients.Add(new(1, text, text, default, text));
        await LuiDatabase.Database.Write(transaction => Lui.Recipients.Import.ChunkWriter.Write(transaction, source.Id, chunk, Stop), Stop);

        // The process dies here: its queue is gone, its rows are there.
        var stray = Path.Combine(LuiDatabase.Folder.File("data/uploads"), "stray");
        await File.WriteAllTextAsync(stray, "half an upload", Stop);
        await Restart();
        await World.Run();
        await Ended(source.Id);

        Assert.Equal(["a@rcpt.example", "b@rcpt.example"], await World.Addresses(Job));
        Assert.False(File.Exists(stray));
    }

    [Fact]
    public async Task Another_node_goes_on_with_an_upload_that_it_never_saw_and_can_be_told_to_stop()
    {
        await Restart();
        var source = (await World.Begin(Job, "email\na@rcpt.example\nb@rcpt.example\n"u8.ToArray())).Value;
        await using var other = new RecipientsWorld(LuiDatabase.Database, LuiDatabase.Folder.File("elsewhere"), node: "there:1099");

        Assert.Equal(0, (await other.Sources.Find(source.Id, Stop))!.Valid);
        _ = (await other.Stop.Handle(new StopImport.Command(source.Id), Stop)).Value;
        Assert.True(await World.Runs.Save(source.Id, new(source.FileSize, bytesRead: 7, valid: 1), Stop));
        Assert.Equal((1L, (int)(100 * 7 / source.FileSize)), ((await other.Runs.ProgressOf(source, Stop))!.Valid, (await other.Runs.ProgressOf(source, Stop))!.Percent));
        await World.Runs.Remove(source.Id, Stop);

        await other.Run();
        await Ended(source.Id);
        Assert.Equal(["a@rcpt.example", "b@rcpt.example"], await World.Addresses(Job));
    }

    [Fact]
    public async Task Many_rows_go_through_in_chunks_and_every_line_is_in_one_set()
    {
        var file = new StringBuilder("email,number\n");
        for (var number = 1; number <= 25_000; number++)
        {
            file.Append(System.Globalization.CultureInfo.InvariantCulture, $"{(number % 10 == 0 ? "bad" : $"r{number % 20_000}@rcpt.example")},{number}\n");
        }

        var source = await World.Import(Job, file.ToString());
        Assert.Equal(25_000, source.Valid + source.Invalid + source.Duplicates);
        Assert.Equal((18_000L, 2_500L, 4_500L), (source.Valid, source.Invalid, source.Duplicates));
        Assert.Equal(18_000, (await World.Addresses(Job)).Length);
        var count = 0;
        await foreach (var recipient in World.Recipients.ReadAll(source.Id, Stop))
        {
            Assert.Equal(++count, recipient.Id);
        }

        Assert.Equal(18_000, count);
        Assert.Equal(["r17@rcpt.example"], (await World.Recipients.Search(source.Id, "R17@", 5, Stop)).Select(one => one.Address));
    }

    [Fact]
    public async Task An_upload_that_is_too_large_is_refused_and_leaves_nothing()
    {
        await Restart(maxUploadMegabytes: 1);
        var refusal = (await World.Begin(Job, new byte[(1024 * 1024) + 1])).Refusal;
        Assert.Equal("upload.too-large", refusal.Code);
        Assert.Empty(Directory.EnumerateFiles(LuiDatabase.Folder.File("data/uploads")));
    }

    [Fact]
    public async Task Recipients_of_a_deletedJob_are_cleared_away()
    {
        var source = await World.Import(Job, "email\na@rcpt.example\n");
        await World.Jobs.Delete(Job.Id, Actor.Tutti, Stop);
        await World.Import(await World.CreateJob(), "email\nb@rcpt.example\n");
        await World.Import(await World.CreateJob(), "email\nc@rcpt.example\n");
        Assert.Null(await World.Sources.Find(source.Id, Stop));
        Assert.Empty(await World.Recipients.Read(source.Id, 0, long.MaxValue, 10, Stop));
    }

    private async Task<Lui.Jobs.Steps.StepReport> Step() =>
        await new RecipientsStep(World.Sources, World.Runs).Report((await World.Jobs.Find(Job.Id, Stop))!, Stop);

    private async Task Ended(long sourceId)
    {
        while ((await World.Sources.Find(sourceId, Stop))!.State == SourceState.Importing)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }
    }
}

public sealed class ImportRunOnSqlite : ImportRunSpec
{
    private protected override Task<LuiDatabase> CreateDatabase() => Task.FromResult(LuiDatabase.OnSqlite());
}

public sealed class ImportRunOnPostgres(PostgresServer server) : ImportRunSpec
{
    private protected override Task<LuiDatabase> CreateDatabase() => LuiDatabase.OnPostgres(server);
}
