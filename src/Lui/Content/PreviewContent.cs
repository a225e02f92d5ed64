// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients;
using Tutti.Mail.Composing;
using Tutti.Mail.Merging;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Content;

/// <summary>A message as one recipient will get it.</summary>
/// <param name="RecipientId">Which recipient; 0 if the job has none yet.</param>
/// <param name="Address">His or her address.</param>
/// <param name="Subject">In one line.</param>
/// <param name="Preheader">What inboxes show behind it: the line of its own, or the first words of the message.</param>
/// <param name="Html">HTML part, or null. Only ever show it in a sandbox.</param>
/// <param name="Text">Text part, or null.</param>
/// <param name="EmptyFields">Fields that are empty for this recipient; the message has a gap there.</param>
/// <param name="MissingFields">Fields of the message that the recipients do not have at all.</param>
internal sealed record ContentPreview(
    long RecipientId,
    string Address,
    string Subject,
    string Preheader,
    string? Html,
    string? Text,
    IReadOnlyList<string> EmptyFields,
    IReadOnlyList<string> MissingFields)
{
    /// <summary>The files that travel with the message.</summary>
    [JsonIgnore]
    public IReadOnlyList<MessageFile> Files { get; init; } = [];
}

/// <summary>Shows a job's message as a recipient will get it, made by the same code as the delivery.</summary>
internal sealed class PreviewContent(JobStore jobs, ContentStore contents, JobMessages messages, SnapshotStore snapshots, RecipientStore recipients, TimeProvider clock)
{
    /// <summary>Stands in for the sender of a job that has none yet.</summary>
    public static JobSender AnySender { get; } = new("", "sender@example.com");

    /// <param name="JobId">The job.</param>
    /// <param name="RecipientId">As whom; null: as the first recipient.</param>
    /// <param name="Draft">What is being written and is not saved yet; null: what is saved.</param>
    public sealed record Query(long JobId, long? RecipientId = null, JobContent? Draft = null);

    public async Task<Outcome<ContentPreview>> Handle(Query query, CancellationToken cancellationToken)
    {
        if (await jobs.Find(query.JobId, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(query.JobId);
        }

        if ((query.Draft ?? await contents.Find(query.JobId, cancellationToken)) is not { } content)
        {
            return ContentRefusals.Missing();
        }

        var source = await messages.SourceOf(job, content, job.Sender ?? AnySender, job.Tracking ?? JobTracking.Personal, cancellationToken);
        if (!CompiledMessage.TryCompile(source, out var message, out var problems))
        {
            return ContentRefusals.Of(problems[0]);
        }

        var snapshot = job.RecipientsId is { } recipientsId ? await snapshots.Find(recipientsId, cancellationToken) : null;
        var recipient = snapshot is null ? null : await recipients.Find(snapshot.RecipientsId, query.RecipientId ?? 1, cancellationToken);
        if (recipient is null && query.RecipientId is { } asked)
        {
            return ContentRefusals.NoSuchRecipient(asked);
        }

        var fields = snapshot?.Fields() ?? new MergeFields([]);
        var data = new MergeRow(fields, recipient?.Fields ?? [], recipient?.Address ?? AnySender.Address, recipient?.DisplayName);
        var now = job.StartedAt ?? clock.GetUtcNow();
        if (!message.Plan.TryCompute(data, now, out var values, out var problem))
        {
            return ContentRefusals.NotComputed(problem);
        }

        var preview = MessagePreview.Of(message, values);
        return new ContentPreview(
            recipient?.Id ?? 0,
            recipient?.Address ?? "",
            preview.Subject,
            InboxLine.Of(source.Preheader, preview, data, now),
            preview.Html,
            preview.Text,
            values.EmptyFields,
            fields.MissingOf(message.FieldNames))
        {
            Files = source.Files,
        };
    }
}
