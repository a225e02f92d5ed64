// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Mail.Composing;
using Tutti.Mail.Merging;

namespace Tutti.Lui.Content;

/// <summary>How far the message of a job is. A merge field that the recipients do not have is named before the test.</summary>
internal sealed class ContentStep(ContentStore contents, SnapshotStore snapshots) : IStepSource
{
    private static readonly JobSender _anySender = new("", "sender@example.com");

    /// <inheritdoc/>
    public JobStep Step => JobStep.Content;

    /// <inheritdoc/>
    public async ValueTask<StepReport> Report(Job job, CancellationToken cancellationToken)
    {
        if (await contents.Find(job.Id, cancellationToken) is not { } content)
        {
            return new StepReport(StepState.Open, "No message yet.");
        }

        var source = MessageSources.Of(content, _anySender, job.Tracking ?? JobTracking.Personal);
        var summary = $"\u201c{content.Subject}\u201d, {Parts(source)}";
        if (!CompiledMessage.TryCompile(source, out var message, out var problems))
        {
            return new StepReport(StepState.NeedsAttention, summary, ContentRefusals.Of(problems[0]).Message);
        }

        if (job.RecipientsId is { } recipientsId
            && await snapshots.Find(recipientsId, cancellationToken) is { } snapshot
            && new MergeFields(snapshot.Columns).MissingOf(message.FieldNames) is { Count: > 0 } missing)
        {
            return new StepReport(StepState.NeedsAttention, summary, MissingFields(missing));
        }

        var links = message.Links.Count switch
        {
            0 => "no tracked links",
            1 => "1 tracked link",
            var many => string.Create(CultureInfo.InvariantCulture, $"{many} tracked links"),
        };
        return new StepReport(
            StepState.Done, $"{summary}, {links}.", message.HasUnsubscribeLink ? null : "The message has no unsubscribe link of its own. Write {{ unsubscribe_url }} into it.");
    }

    private static string Parts(MessageSource source) => (source.Html, source.Text) switch
    {
        (null, _) => "text only",
        (_, null) => "HTML only",
        _ => "HTML and text",
    };

    private static string MissingFields(IReadOnlyList<string> missing) => missing.Count == 1
        ? $"The recipients have no column for the merge field {missing[0]}. Correct its name, or use recipients that have it."
        : $"The recipients have no columns for the merge fields {string.Join(", ", missing)}. Correct their names, or use recipients that have them.";
}
