// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Archives.Format;
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Archives.TakingIn;

/// <summary>
/// Takes in an archive that somebody uploads. The file of a job that is archived here brings that job back; any other becomes a job of whoever brought it, which is
/// over and of which nothing can be sent. Nothing of a file is believed before all of it was read and compared with its digests.
/// </summary>
internal sealed class TakeInArchive(
    Database database, ArchiveStore store, BringBack bringBack, JobStore jobs, ArchiveFolder folder, ArchiveSettings settings, UploadSettings uploads, InstallationZone installation, TimeProvider clock)
{
    private const int Block = 128 * 1024;

    public sealed record Command(Stream Content, Actor Who);

    /// <summary>The job, while its rows are being put into the database.</summary>
    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var draft = folder.Draft($"in-{Guid.CreateVersion7(clock.GetUtcNow()):N}");
        try
        {
            if (!(await Receive(command.Content, draft, cancellationToken)).Is(out var size, out var refusal))
            {
                return refusal;
            }

            var digest = await ArchiveFile.DigestOf(draft, cancellationToken);
            if (await store.WithDigest(digest, cancellationToken) is { } known)
            {
                return await Known(known, draft, command.Who, cancellationToken);
            }

            return await Unknown(draft, digest, size, command.Who, cancellationToken);
        }
        catch (ArchiveDamage damage)
        {
            return damage.Refusal;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private async Task<Outcome<Job>> Known(JobArchive known, string draft, Actor who, CancellationToken cancellationToken)
    {
        var job = (await jobs.Find(known.JobId, cancellationToken))!;
        if (known.State is not (ArchiveState.Kept or ArchiveState.Removed))
        {
            return ArchiveRefusals.AlreadyIn(job.Code);
        }

        if (!File.Exists(folder.PathOf(known.File)))
        {
            folder.Keep(draft, known.File);
        }

        return await bringBack.Handle(new BringBack.Command(known.JobId, who), cancellationToken);
    }

    private async Task<Outcome<Job>> Unknown(string draft, string digest, long size, Actor who, CancellationToken cancellationToken)
    {
        if (!ArchiveFile.Open(draft, settings.MaxUnpackedArchiveMegabytes * 1024L * 1024L).Is(out var file, out var refusal))
        {
            return refusal;
        }

        using (file)
        {
            if (!(await file.Verify(cancellationToken)).Is(out _, out refusal))
            {
                return refusal;
            }

            var brought = await BroughtJob.Read(file, cancellationToken);
            var name = $"in-{digest[..32]}.zip";
            folder.Keep(draft, name);
            return await database.Write<Outcome<Job>>(
                async transaction =>
                {
                    if (await ArchiveStore.WithDigest(transaction.Connection!, transaction, digest, cancellationToken) is { } meanwhile)
                    {
                        return ArchiveRefusals.AlreadyIn((await jobs.Find(meanwhile.JobId, cancellationToken))!.Code);
                    }

                    var now = clock.GetUtcNow();
                    var numbers = await brought.Number(transaction, cancellationToken);
                    var job = brought.Here(numbers, await CodeOf(transaction, brought.Code, cancellationToken), who, now);
                    await JobStore.Insert(transaction, job, cancellationToken);
                    await ArchiveStore.Save(
                        transaction, new JobArchive(job.Id, ArchiveState.WantedBack, name, size, digest, file.Manifest.Totals, numbers, null, who, now), cancellationToken);
                    return job;
                },
                cancellationToken);
        }
    }

    /// <summary>The code that it had, if no job here has it; else the next one of today.</summary>
    private async Task<string> CodeOf(DbTransaction transaction, string wanted, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        async Task<bool> IsFree(string code) => await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM job WHERE code = @code", new { code }, transaction, cancellationToken: cancellationToken)) == 0;
        var prefix = JobCode.PrefixOf(wanted);
        if (JobCode.IsPrefix(prefix) && JobCode.TryRead(prefix.Length > 0 ? wanted[(prefix.Length + 1)..] : wanted, out var day, out var number) && await IsFree(wanted))
        {
            // No job that is made later gets it again.
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO job_code (day, last) VALUES (@day, @number)
                ON CONFLICT (day) DO UPDATE SET last = CASE WHEN job_code.last < excluded.last THEN excluded.last ELSE job_code.last END
                """,
                new { day, number },
                transaction,
                cancellationToken: cancellationToken));
            return wanted;
        }

        return JobCode.Of(installation.Today, await JobStore.NextOfDay(transaction, installation.Today, cancellationToken));
    }

    private async Task<Outcome<long>> Receive(Stream content, string path, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(path, options);
        var buffer = new byte[Block];
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (file.Position + read > uploads.MaxUploadMegabytes * 1024L * 1024L)
            {
                return ArchiveRefusals.TooLarge(uploads.MaxUploadMegabytes);
            }

            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        file.Flush(flushToDisk: true);
        return file.Position;
    }
}
