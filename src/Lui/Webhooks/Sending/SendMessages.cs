// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Tutti.Frame.Words;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Webhooks.Sending;

/// <summary>
/// Sends what waits for one webhook, a few at a time, and writes down what became of them before it takes more: cut off in between, those few are
/// sent again, with the ids that they had. What concerns the same recipient, or the job itself, goes one after the other. A webhook that takes nothing is
/// left alone for a while and then asked with the oldest message; when it takes that, the others follow in their order.
/// </summary>
internal sealed partial class SendMessages(
    Database database, WebhookStore webhooks, MessageStore messages, PostMessage post, WebhookSecrets secrets, WebhookSettings settings, TimeProvider clock, ILogger<SendMessages> logger)
{
    private const int AtOnce = 24;
    private const int ThisManyAndItMayBeTheMessage = 3;

    /// <summary>One round; true if there may be more to send at once.</summary>
    public async Task<bool> Handle(long webhookId, CancellationToken cancellationToken)
    {
        // Read anew each time: people may have changed it.
        var now = clock.GetUtcNow();
        if (await webhooks.Find(webhookId, cancellationToken) is not { IsOn: true } webhook || webhook.PausedTo > now)
        {
            return false;
        }

        var isAway = webhook.Failures > 0;
        var due = isAway ? await messages.Oldest(webhookId, cancellationToken) is { } oldest ? [oldest] : [] : await messages.Due(webhookId, now, AtOnce, cancellationToken);
        if (due.Count == 0)
        {
            return false;
        }

        if (SecretsOf(webhook, now) is not { Count: > 0 } signing)
        {
            await database.Write(transaction => WebhookStore.SwitchOff(transaction, webhookId, WebhooksWords.SecretLost, cancellationToken), cancellationToken);
            LogOff(webhookId, "its secret cannot be read");
            return false;
        }

        var results = await Post(webhook, signing, due, cancellationToken);
        if (isAway && !results[0].IsTaken && (webhook.Failures >= ThisManyAndItMayBeTheMessage || IsOfTheMessage(results[0]))
            && (await messages.Due(webhookId, now, 2, cancellationToken)).FirstOrDefault(one => one.Number != due[0].Number) is { } next)
        {
            // Perhaps the receiver fails at this one message only.
            due = [due[0], next];
            results = [results[0], .. await Post(webhook, signing, [next], cancellationToken)];
        }

        await database.Write(transaction => Note(transaction, webhook, due, results, cancellationToken), cancellationToken);
        return Array.Exists(results, result => result.IsTaken) && (isAway || due.Count == AtOnce);
    }

    // Beside each other, but what concerns the same recipient or the same job as a whole in its order.
    private async Task<PostMessage.Result[]> Post(Webhook webhook, List<string> signing, IReadOnlyList<WebhookMessage> due, CancellationToken cancellationToken)
    {
        var results = new PostMessage.Result[due.Count];
        await Task.WhenAll(due.Select((message, index) => (Message: message, Index: index)).GroupBy(one => (one.Message.JobId, one.Message.RecipientId)).Select(async one =>
        {
            foreach (var (message, index) in one)
            {
                results[index] = await post.Handle(webhook.Url, signing, message, cancellationToken);
            }
        }));
        return results;
    }

    private static bool IsOfTheMessage(PostMessage.Result result) => result.Attempt.Status is >= 400 and < 500 and not (408 or 425 or 429);

    private List<string> SecretsOf(Webhook webhook, DateTimeOffset now)
    {
        List<string?> all = [secrets.Show(webhook.Secret)];
        if (webhook.FormerSecret.Length > 0 && webhook.FormerUntil > now)
        {
            all.Add(secrets.Show(webhook.FormerSecret));
        }

        return all[0] is null ? [] : [.. all.OfType<string>()];
    }

    private async Task Note(DbTransaction transaction, Webhook webhook, IReadOnlyList<WebhookMessage> due, PostMessage.Result[] results, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var patience = TimeSpan.FromHours(settings.WebhookHours);
        for (var index = 0; index < results.Length; index++)
        {
            var (message, result) = (due[index], results[index]);
            var next = now + Longer(BackOff.OfMessage(result.Attempt.Number - message.SeriesFrom), result.RetryAfter);
            var state = result.IsTaken ? MessageState.Delivered : next - message.QueuedAt > patience ? MessageState.GivenUp : MessageState.Waiting;
            await MessageStore.Tried(transaction, message, result.Attempt, state, next, cancellationToken);
        }

        if (Array.Exists(results, result => result.IsTaken))
        {
            if (webhook.Failures > 0)
            {
                await MessageStore.TakePlacesAgain(transaction, webhook.Id, cancellationToken);
            }

            await WebhookStore.Answers(transaction, webhook.Id, cancellationToken);
            return;
        }

        var last = results[^1].Attempt;
        var words = last.Status is { } status ? SharedWords.Fill(WebhooksWords.Answers, status.ToString(CultureInfo.InvariantCulture)) : last.Answer;
        if (Array.Exists(results, result => result.IsGone))
        {
            await WebhookStore.SwitchOff(transaction, webhook.Id, WebhooksWords.Gone, cancellationToken);
            LogOff(webhook.Id, "its receiver answered 410");
        }
        else if (webhook.FailingSince is { } since && now - since >= patience)
        {
            await WebhookStore.SwitchOff(transaction, webhook.Id, SharedWords.Fill(WebhooksWords.TookNothing, SharedWords.Span(now - since), words), cancellationToken);
            LogOff(webhook.Id, "it took nothing for too long");
        }
        else
        {
            var pause = Longer(BackOff.OfWebhook(webhook.Failures + 1), results.Max(result => result.RetryAfter));
            await WebhookStore.Fails(transaction, webhook.Id, now, now + pause, cancellationToken);
        }
    }

    private static TimeSpan Longer(TimeSpan pause, TimeSpan? wanted) => wanted is not { } longer || longer <= pause ? pause : longer < TimeSpan.FromHours(1) ? longer : TimeSpan.FromHours(1);

    [LoggerMessage(4570, LogLevel.Warning, "Webhook {Webhook} was switched off: {Reason}", EventName = "lui.webhook.off")]
    private partial void LogOff(long webhook, string reason);
}
