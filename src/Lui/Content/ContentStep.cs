// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Attachments;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Mail.Composing;

namespace Tutti.Lui.Content;

/// <summary>How far the message of a job is. A merge field that the recipients do not have is named before the test.</summary>
internal sealed class ContentStep(ContentStore contents, JobMessages messages, SnapshotStore snapshots) : IStepSource
{
    private static readonly JobSender _anySender = new("", "sender@example.com");

    /// <inheritdoc/>
    public JobStep Step => JobStep.Content;

    /// <inheritdoc/>
    public async ValueTask<StepReport> Report(Job job, CancellationToken cancellationToken)
    {
        if (await contents.Find(job.Id, cancellationToken) is not { } content)
        {
            return new StepReport(StepState.Open, ContentWords.NoMessage);
        }

        var source = await messages.SourceOf(job, content, _anySender, job.Tracking ?? JobTracking.Personal, cancellationToken);
        var summary = SharedWords.Fill(ContentWords.Summary, content.Subject, Parts(source));
        if (!CompiledMessage.TryCompile(source, out var message, out var problems))
        {
            return new StepReport(StepState.NeedsAttention, summary, ContentRefusals.Of(problems[0]).Message);
        }

        if (await messages.TroubleOf(job, content, _anySender, cancellationToken) is { } trouble)
        {
            return new StepReport(StepState.NeedsAttention, summary, trouble.Words);
        }

        if (message.MissingImages is { Count: > 0 } images)
        {
            return new StepReport(StepState.NeedsAttention, summary, SharedWords.Counted(AttachmentsWords.ImagesMissing, images.Count, string.Join(", ", images)));
        }

        if (job.RecipientsId is { } recipientsId
            && await snapshots.Find(recipientsId, cancellationToken) is { } snapshot
            && snapshot.Fields().MissingOf(message.FieldNames) is { Count: > 0 } missing)
        {
            return new StepReport(StepState.NeedsAttention, summary, MissingFields(missing));
        }

        var links = message.Links.Count == 0 ? ContentWords.NoLinks : SharedWords.Counted(ContentWords.Links, message.Links.Count);
        return new StepReport(
            StepState.Done, SharedWords.Fill(ContentWords.SummaryWithLinks, summary, links), message.HasUnsubscribeLink ? null : ContentWords.NoUnsubscribeLink);
    }

    private static string Parts(MessageSource source) => (source.Html, source.Text) switch
    {
        (null, _) => ContentWords.TextOnly,
        (_, null) => ContentWords.HtmlOnly,
        _ => ContentWords.HtmlAndText,
    };

    private static string MissingFields(IReadOnlyList<string> missing) =>
        SharedWords.Counted(ContentWords.MissingFieldsAdvice, missing.Count, string.Join(", ", missing));
}
