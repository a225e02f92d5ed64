// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Globalization;
using Dapper;
using Tutti.Lui.Fates;
using Tutti.Lui.Jobs;
using Tutti.Lui.Returns;
using Tutti.Lui.Tracking;

namespace Tutti.Lui.Webhooks.Events;

/// <summary>What is told of recipients: their fates, what came back, and what they did.</summary>
internal static class RecipientEvents
{
    /// <summary>Leaves fates that recipients got just now.</summary>
    public static Task Write(DbTransaction transaction, IReadOnlyCollection<FateEvent> fates, CancellationToken cancellationToken) => WebhookOutbox.Write(
        transaction,
        fates.Select(one => new OutgoingEvent(EventTypes.Of(one.Fate), At(one.At), one.JobId, one.RecipientId, new FateData(Filled(one.Reply), Filled(one.Host), one.Attempts))),
        cancellationToken);

    /// <summary>Leaves what came back for the first time.</summary>
    public static Task Write(DbTransaction transaction, IReadOnlyCollection<Returned> returned, CancellationToken cancellationToken) => WebhookOutbox.Write(
        transaction,
        returned.Select(one => new OutgoingEvent(
            TypeOf(one.What),
            At(one.At),
            one.JobId,
            one.RecipientId,
            new ReturnData(one.Class == BounceClass.None ? null : Words.Of(one.Class), Filled(one.Reply), Filled(one.Host)))),
        cancellationToken);

    /// <summary>Leaves what recipients did; links are told by where they lead and what they are called.</summary>
    public static async Task Write(DbTransaction transaction, IReadOnlyCollection<TrackerEvent> reactions, CancellationToken cancellationToken)
    {
        var links = new Dictionary<(long Job, long Link), LinkData>();
        if (reactions.Any(one => one.Kind == Reaction.Click) && await WebhookOutbox.Wants(transaction, EventTypes.Clicked, cancellationToken))
        {
            foreach (var (job, link) in reactions.Where(one => one.Kind == Reaction.Click).Select(one => (one.JobId, one.Link)).Distinct())
            {
                links[(job, link)] = await transaction.Connection!.QuerySingleOrDefaultAsync<LinkData>(new CommandDefinition(
                    "SELECT target, label, alias FROM delivery_link WHERE delivery_id = @job AND number = @link", new { job, link }, transaction, cancellationToken: cancellationToken)) ?? LinkData.None;
            }
        }

        await WebhookOutbox.Write(transaction, reactions.Select(Told), cancellationToken);

        OutgoingEvent Told(TrackerEvent one)
        {
            var link = links.GetValueOrDefault((one.JobId, one.Link)) ?? LinkData.None;
            var trace = one.Trace?.ToString("x16", CultureInfo.InvariantCulture);
            return new OutgoingEvent(
                TypeOf(one.Kind), At(one.At), one.JobId, one.RecipientId, new ReactionData(Filled(link.Target), Filled(link.Label), Filled(link.Alias), Filled(one.UserAgent), trace));
        }
    }

    private static string TypeOf(CameBack what) => what switch
    {
        CameBack.Bounced => EventTypes.Bounced,
        CameBack.Complained => EventTypes.Complained,
        CameBack.Unsubscribed => EventTypes.Unsubscribed,
    };

    private static string TypeOf(Reaction kind) => kind switch
    {
        Reaction.Open => EventTypes.Opened,
        Reaction.Click => EventTypes.Clicked,
        Reaction.Unsubscribe => EventTypes.Unsubscribed,
    };

    private static DateTimeOffset At(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);

    private static string? Filled(string text) => text.Length > 0 ? text : null;

    private sealed record FateData(string? Reply, string? Host, long Attempts);

    private sealed record ReturnData(string? Class, string? Reply, string? Host);

    private sealed record ReactionData(string? Link, string? LinkLabel, string? LinkAlias, string? UserAgent, string? Trace);

    /// <summary>A link as it is told: where it leads, and what people call it.</summary>
    private sealed record LinkData(string Target, string Label, string Alias)
    {
        public static LinkData None { get; } = new("", "", "");
    }
}
