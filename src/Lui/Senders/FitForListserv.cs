// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Tutti.Frame.Words;
using Tutti.Lui.Content;
using Tutti.Lui.Jobs;
using Tutti.Lui.Listserv;
using Tutti.Lui.Recipients;
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
internal sealed class FitForListserv(ContentStore contents, JobMessages messages, RecipientStore recipients, Connections listservs)
{
    private const int MostKnown = 200;
    private static readonly JobSender _anySender = new("", "sender@example.com");
    private readonly ConcurrentDictionary<(long Recipients, string Domain), string?> _lists = new();

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

        if (way == JobWay.ListservTogether && tracking == JobTracking.Personal)
        {
            return new(true, SendersWords.TogetherTracking);
        }

        return message.FieldNames.Count > 0 && await ListAmong(job, cancellationToken) is { } list
            ? message.HasUnsubscribeLink
                ? new(true, SharedWords.Fill(SendersWords.PostUnsubscribe, list, Named([SystemFields.UnsubscribeUrl])))
                : new(false, SharedWords.Counted(SendersWords.PostFields, message.FieldNames.Count, Named(message.FieldNames), list))
            : null;
    }

    private static string Named(IReadOnlyList<string> fields) => string.Join(", ", fields.Select(field => $"{{{{ {field} }}}}"));

    /// <summary>A list among the recipients: an address at LISTSERV's own domain.</summary>
    private async Task<string?> ListAmong(Job job, CancellationToken cancellationToken)
    {
        if (job.RecipientsId is not { } set)
        {
            return null;
        }

        foreach (var domain in (await listservs.List(cancellationToken)).Select(connection => connection.Domain.ToLowerInvariant()).Distinct())
        {
            // A set does not change once it is a job's, and reading all of a large one takes a while.
            if (!_lists.TryGetValue((set, domain), out var list))
            {
                list = await recipients.FirstAt(set, domain, cancellationToken);
                if (_lists.Count >= MostKnown)
                {
                    _lists.Clear();
                }

                _lists[(set, domain)] = list;
            }

            if (list is not null)
            {
                return list;
            }
        }

        return null;
    }
}
