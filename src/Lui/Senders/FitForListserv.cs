// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Content;
using Tutti.Lui.Jobs;
using Tutti.Mail.Composing;
using Tutti.Mail.Merging;

namespace Tutti.Lui.Senders;

/// <summary>What LISTSERV cannot do with a message.</summary>
/// <param name="Blocks">Whether the job must not leave like this.</param>
/// <param name="Words">Why, and what to do.</param>
internal sealed record ListservVerdict(bool Blocks, string Words);

/// <summary>
/// Whether a job's message can go through LISTSERV as chosen: what is one recipient's own has no place in what many get in the same words, be it a post to a
/// list or one message for all.
/// </summary>
internal sealed class FitForListserv(ContentStore contents, JobMessages messages, ListAmongRecipients lists)
{
    private static readonly JobSender _anySender = new("", "sender@example.com");

    /// <summary>The verdict; null if all is well, or nothing can be said yet.</summary>
    /// <param name="job">The job.</param>
    /// <param name="way">How it leaves; may be another way than it leaves now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ListservVerdict?> Handle(Job job, JobWay way, CancellationToken cancellationToken)
    {
        var tracking = job.Tracking ?? JobTracking.Personal;
        if (way == JobWay.Engine
            || await contents.Find(job.Id, cancellationToken) is not { } content
            || !CompiledMessage.TryCompile(await messages.SourceOf(job, content, _anySender, tracking, cancellationToken), out var message, out _))
        {
            return null;
        }

        if (way == JobWay.ListservTogether && message.FieldNames.Count > 0)
        {
            return new(true, SharedWords.Counted(SendersWords.TogetherFields, message.FieldNames.Count, Named(message.FieldNames)));
        }

        if (way == JobWay.ListservTogether && tracking is not (JobTracking.Blind or JobTracking.Off))
        {
            return new(true, SendersWords.TogetherTracking);
        }

        return message.FieldNames.Count > 0 && await lists.Find(job, cancellationToken) is { } list
            ? message.HasUnsubscribeLink
                ? new(true, SharedWords.Fill(SendersWords.PostUnsubscribe, list, Named([SystemFields.UnsubscribeUrl])))
                : new(false, SharedWords.Counted(SendersWords.PostFields, message.FieldNames.Count, Named(message.FieldNames), list))
            : null;
    }

    private static string Named(IReadOnlyList<string> fields) => string.Join(", ", fields.Select(field => $"{{{{ {field} }}}}"));
}
