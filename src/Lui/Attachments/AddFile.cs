// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Mail.Composing;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Attachments;

/// <summary>Adds an attachment or an inline image to a job's message. An image of a name that is there takes the place of that one.</summary>
internal sealed class AddFile(Database database, JobStore jobs, StoredFileStore files, AttachmentSettings settings, TimeProvider clock)
{
    private const int MostContentId = 60;

    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who adds it.</param>
    /// <param name="Name">Name of the file.</param>
    /// <param name="Content">Its bytes.</param>
    /// <param name="AsImage">Whether the HTML part shows it.</param>
    public sealed record Command(long JobId, Actor Who, string Name, Stream Content, bool AsImage);

    public async Task<Outcome<JobFile>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await jobs.Find(command.JobId, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        var now = clock.GetUtcNow();
        if (!job.Edited(JobStep.Content, command.Who, now).Is(out _, out var refusal))
        {
            return refusal;
        }

        if (await FileContent.Read(command.Content, MostBytes, cancellationToken) is not { } content)
        {
            return AttachmentRefusals.TooLarge(settings.MaxAttachmentMegabytes);
        }

        if (content.Content.Length == 0)
        {
            return AttachmentRefusals.Empty(command.Name);
        }

        var kind = FileNature.Of(command.Name, content.Content);
        if (command.AsImage && !kind.IsPicture)
        {
            return AttachmentRefusals.NoPicture(command.Name);
        }

        var message = new MessageFile(command.Name, kind.ContentType, content.Digest, content.Content.Length, command.AsImage ? ContentIdOf(command.Name) : null);
        var outcome = await Keep(new JobFile(0, job.Id, message, kind.Danger, command.Who, now), content, cancellationToken);
        await files.RemoveUnused(cancellationToken);
        return outcome;
    }

    private long MostBytes => settings.MaxAttachmentMegabytes * 1024L * 1024L;

    /// <summary>How the HTML part names an image: the letters, digits, dots, dashes and underscores of its file name.</summary>
    public static string ContentIdOf(string name)
    {
        var id = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' ? letter : '-')).Trim('-', '.');
        return id.Length == 0 ? "image" : id.Length > MostContentId ? id[^MostContentId..] : id;
    }

    private Task<Outcome<JobFile>> Keep(JobFile file, FileContent content, CancellationToken cancellationToken) => database.Write<Outcome<JobFile>>(
        async transaction =>
        {
            // The row of the job is locked first, so that two who add at once cannot pass the limits together.
            await jobs.Lock(transaction, file.JobId, cancellationToken);
            var there = await JobFileStore.List(transaction, file.JobId, cancellationToken);
            var before = there.FirstOrDefault(other => file.IsImage && other.File.ContentId == file.File.ContentId);
            var others = there.Where(other => other != before).ToList();
            if (others.Count >= settings.MaxAttachments)
            {
                return AttachmentRefusals.TooMany(settings.MaxAttachments);
            }

            if (others.Sum(other => other.File.Size) + file.File.Size > MostBytes)
            {
                return AttachmentRefusals.TooLarge(settings.MaxAttachmentMegabytes);
            }

            var changed = await jobs.Change(
                transaction,
                file.JobId,
                version: null,
                job => job.Edited(JobStep.Content, file.By, file.At),
                _ => new JournalEntry(file.At, file.By, "content", SharedWords.Fill(AttachmentsWords.DidAdd, file.File.Name)),
                cancellationToken);
            if (!changed.Is(out _, out var refusal))
            {
                return refusal;
            }

            if (before is not null)
            {
                await JobFileStore.Remove(transaction, before.Id, cancellationToken);
            }

            await files.Keep(transaction, content, cancellationToken);
            return file with { Id = await JobFileStore.Add(transaction, file, cancellationToken) };
        },
        cancellationToken);
}
