// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Dapper;
using Tutti.Lui.Attachments;
using Tutti.Lui.Content;
using Tutti.Lui.Delivery;
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Preflight;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Attachments;

public abstract class AttachmentSpec : WorldSpec
{
    private static readonly byte[] _png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Encoding.ASCII.GetBytes("picture")];

    [Fact]
    public async Task A_file_is_handed_over_once_for_a_test_and_the_job_and_the_message_names_it()
    {
        var job = await World.Lui.Prepare(3);
        var file = (await Add(job, "Bericht für März.pdf", "%PDF-1.7 text")).Value;
        Assert.Equal(("application/pdf", null), (file.File.ContentType, file.Danger));
        Assert.Equal(TestState.Outdated, (await World.Lui.Job(job.Id)).TestState);

        _ = (await World.Lui.Get<SendTest>().Handle(new SendTest.Command(job.Id, Ada, ["ada@example.org"], []), Token)).Value;
        await World.Settle();
        _ = (await World.Lui.Get<Lui.Jobs.Steps.AcceptTest>().Handle(new(job.Id, Ada), Token)).Value;
        await World.Lui.PassPreflight(await World.Lui.Job(job.Id));
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
        await World.Restart();
        await World.Settle();

        Assert.Equal(4, World.Distributor.Taken.Count);
        Assert.Equal("%PDF-1.7 text", Encoding.ASCII.GetString(Assert.Single(World.Distributor.Files).Value));
        Assert.Equal(1, World.Distributor.FilesTaken);
        Assert.All(World.Distributor.Opened.Values, opened => Assert.Equal(file.File.Digest, Convert.ToHexStringLower(Assert.Single(opened.Content.Pieces, piece => piece.File is not null).File.Digest.Span)));
        var fixedText = string.Concat(World.Distributor.Opened[(ulong)job.Id].Content.Pieces.Where(piece => piece.HasFixed).Select(piece => piece.Fixed.ToStringUtf8()));
        Assert.Contains("filename*=utf-8''Bericht%20f%C3%BCr%20M%C3%A4rz.pdf", fixedText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_distributor_that_is_away_while_a_file_is_handed_over_gets_it_later_and_nobody_twice()
    {
        var job = await World.Lui.Prepare(3);
        _ = (await Add(job, "a.pdf", "%PDF-1.7 text")).Value;
        _ = (await World.Lui.Get<Lui.Jobs.Steps.WaiveTest>().Handle(new(job.Id, Ada), Token)).Value;
        await World.Lui.PassPreflight(await World.Lui.Job(job.Id));
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
        World.Distributor.TakingFiles.Away = true;
        await World.Settle();
        Assert.Empty(World.Distributor.Opened);

        World.Distributor.TakingFiles.Away = false;
        await World.Settle();
        Assert.Equal(3, World.Distributor.Taken.Count);
        Assert.Single(World.Distributor.Files);
    }

    [Fact]
    public async Task Another_file_after_the_approval_stops_the_delivery()
    {
        var job = await World.Lui.Prepare(3);
        _ = (await Add(job, "a.pdf", "%PDF-1.7 text")).Value;
        _ = (await World.Lui.Get<Lui.Jobs.Steps.WaiveTest>().Handle(new(job.Id, Ada), Token)).Value;
        await World.Lui.PassPreflight(await World.Lui.Job(job.Id));
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
        Assert.Equal("job.not-open", (await Add(job, "b.pdf", "%PDF-1.7 other")).Refusal.Code);
        await World.Lui.Database.Write(
            transaction => transaction.Connection!.ExecuteAsync("UPDATE job_file SET digest = REPLACE(digest, SUBSTR(digest, 1, 4), 'beef') WHERE job_id = @Id", new { job.Id }, transaction), Token);
        await World.Settle();

        var stopped = await World.Lui.Job(job.Id);
        Assert.Equal((JobState.Failed, "seal.differs"), (stopped.State, stopped.Failure?.Code));
        Assert.Contains("the message", stopped.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(World.Distributor.Opened);
    }

    [Fact]
    public async Task The_limits_of_number_and_size_hold_and_nothing_of_a_refused_file_stays()
    {
        var job = await World.Lui.Prepare(3);
        Assert.Equal("file.too-large", (await Add(job, "big.pdf", new byte[(10 * 1024 * 1024) + 1])).Refusal.Code);
        _ = (await Add(job, "six.bin", new byte[6 * 1024 * 1024])).Value;
        Assert.Equal("file.too-large", (await Add(job, "five.bin", new byte[5 * 1024 * 1024])).Refusal.Code);
        Assert.Equal("file.empty", (await Add(job, "none.bin", Array.Empty<byte>())).Refusal.Code);
        var tries = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => Add(job, $"{number}.txt", $"text {number}")));

        Assert.Equal(9, tries.Count(outcome => !outcome.IsRefused));
        Assert.All(tries.Where(outcome => outcome.IsRefused), outcome => Assert.Equal("file.too-many", outcome.Refusal.Code));
        Assert.Equal(10, (await World.Lui.Get<JobFileStore>().List(job.Id, Token)).Count);
        Assert.Equal(10, await World.Lui.Database.Write(transaction => transaction.Connection!.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM stored_file", transaction: transaction), Token));
    }

    [Theory]
    [InlineData("cat.pdf", "MZ program", "application/x-msdownload", "program")]
    [InlineData("setup.js", "alert(1)", "text/plain; charset=utf-8", "program")]
    [InlineData("plan.docm", "PK\u0003\u0004", "application/zip", "macros")]
    [InlineData("plan.docx", "PK\u0003\u0004", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", null)]
    [InlineData("page.html", "<p>", "text/html; charset=utf-8", "page")]
    [InlineData("all.zip", "PK\u0003\u0004", "application/zip", "archive")]
    [InlineData("list.csv", "a,ü", "text/csv; charset=utf-8", null)]
    [InlineData("letter.eml", "Subject: x", "text/plain; charset=utf-8", null)]
    public async Task The_type_is_told_by_what_is_in_the_file_and_dangerous_ones_are_warned_of(string name, string content, string type, string? danger)
    {
        var job = await World.Lui.Prepare(3);

        var file = (await Add(job, name, content)).Value;

        Assert.Equal((type, danger), (file.File.ContentType, file.Danger is { } found ? Words.Of(found) : null));
        var findings = (await World.Lui.Get<RunPreflight>().Handle(job.Id, Token)).Value.Findings.Where(finding => finding.Rule == "attachments").ToList();
        Assert.Equal(danger is null ? PreflightLevel.Good : PreflightLevel.Warning, Assert.Single(findings).Level);
    }

    [Fact]
    public async Task An_image_is_shown_by_its_name_and_one_that_is_missing_blocks()
    {
        var job = await World.Lui.Prepare(3);
        Assert.Equal("file.no-picture", (await Add(job, "logo.svg", "<svg/>", asImage: true)).Refusal.Code);
        await Write(job, "<p><img src=\"cid:Our-Logo.png\" alt=\"Logo\"></p>");
        var missing = Assert.Single((await World.Lui.Get<RunPreflight>().Handle(job.Id, Token)).Value.Findings, finding => finding.Rule == "attachments");
        Assert.Equal(PreflightLevel.Error, missing.Level);

        var first = (await Add(job, "Our Logo.png", _png, asImage: true)).Value;
        Assert.Equal("Our-Logo.png", first.File.ContentId);
        Assert.Equal(PreflightLevel.Good, Assert.Single((await World.Lui.Get<RunPreflight>().Handle(job.Id, Token)).Value.Findings, finding => finding.Rule == "attachments").Level);
        var preview = (await World.Lui.Get<PreviewContent>().Handle(new(job.Id), Token)).Value;
        var html = await World.Lui.Get<ShowImages>().Handle(preview.Html!, preview.Files, Token);
        Assert.Contains("src=\"data:image/png;base64," + Convert.ToBase64String(_png), html, StringComparison.Ordinal);

        // A new one of the same name takes its place.
        _ = (await Add(job, "Our Logo.png", [.. _png, 1], asImage: true)).Value;
        Assert.Equal(_png.Length + 1, Assert.Single(await World.Lui.Get<JobFileStore>().List(job.Id, Token)).File.Size);

        await Write(job, "<p>no image</p>");
        var unused = Assert.Single((await World.Lui.Get<RunPreflight>().Handle(job.Id, Token)).Value.Findings, finding => finding.Rule == "attachments");
        Assert.Equal(PreflightLevel.Warning, unused.Level);
        Assert.Empty((await World.Lui.Get<PreviewContent>().Handle(new(job.Id), Token)).Value.Files.Where(file => file.ContentId is null));
    }

    [Fact]
    public async Task The_size_that_the_preflight_tells_counts_the_files()
    {
        var job = await World.Lui.Prepare(3);
        _ = (await Add(job, "a.bin", new byte[300 * 1024])).Value;

        var size = Assert.Single((await World.Lui.Get<RunPreflight>().Handle(job.Id, Token)).Value.Findings, finding => finding.Rule == "size");

        Assert.Matches("4(0[0-9]|1[0-9]) ", size.Words);
    }

    [Fact]
    public async Task Bytes_go_a_day_after_the_last_job_that_names_them()
    {
        var (job, other) = (await World.Lui.Prepare(3), await World.Lui.Prepare(3));
        var file = (await Add(job, "a.pdf", "%PDF-1.7 text")).Value;
        var same = (await Add(other, "b.pdf", "%PDF-1.7 text")).Value;
        Assert.Equal(file.File.Digest, same.File.Digest);
        _ = (await World.Lui.Get<RemoveFile>().Handle(new(job.Id, Ada, file.Id), Token)).Value;
        World.Clock.Advance(TimeSpan.FromDays(2));
        _ = (await Add(job, "c.txt", "c")).Value;
        Assert.NotNull(await World.Lui.Get<StoredFileStore>().Read(file.File.Digest, Token));

        _ = (await World.Lui.Get<DeleteJob>().Handle(new(other.Id, Ada), Token)).Value;
        _ = (await Add(job, "d.txt", "d")).Value;
        Assert.Null(await World.Lui.Get<StoredFileStore>().Read(file.File.Digest, Token));
    }

    private Task<Outcome<JobFile>> Add(Job job, string name, string content, bool asImage = false) => Add(job, name, Encoding.UTF8.GetBytes(content), asImage);

    private async Task<Outcome<JobFile>> Add(Job job, string name, byte[] content, bool asImage = false)
    {
        using var stream = new MemoryStream(content);
        return await World.Lui.Get<AddFile>().Handle(new AddFile.Command(job.Id, Ada, name, stream, asImage), Token);
    }

    private async Task Write(Job job, string html) => _ = (await World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, "Hello", html, ""), Token)).Value;
}

public sealed class AttachmentOnSqlite : AttachmentSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class AttachmentOnPostgres(PostgresServer server) : AttachmentSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
