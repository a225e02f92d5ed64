// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;
using Tutti.Lui.Webhooks.Events;
using Tutti.Lui.Webhooks.Sending;

namespace Tutti.Lui.Webhooks;

/// <summary>Webhooks over REST.</summary>
internal static class WebhookRoutes
{
    private const int MostOfPage = 500;

    /// <summary>A webhook as it shall be; on may be left out.</summary>
    internal sealed record NewWebhook(string? Name, string? Url, IReadOnlyList<string>? Events, bool? On)
    {
        public SaveWebhook.Wish ToWish() => new(Name ?? "", Url ?? "", Events ?? [], On ?? true);
    }

    /// <summary>A webhook. Secret is there only in the answer to its making and to a new secret.</summary>
    internal sealed record WebhookDocument(
        long Id, string Name, string Url, IReadOnlyList<string> Events, bool On, string? OffBecause, DateTimeOffset? FailingSince, DateTimeOffset? PausedTo,
        DateTimeOffset? FormerSecretUntil, DateTimeOffset CreatedAt, string CreatedBy, string? Secret)
    {
        public static WebhookDocument Of(Webhook webhook, string? secret = null) => new(
            webhook.Id, webhook.Name, webhook.Url, webhook.Events, webhook.IsOn, webhook.OffReason.Length > 0 ? webhook.OffReason : null, webhook.FailingSince,
            webhook.PausedTo, webhook.FormerUntil, webhook.CreatedAt, webhook.CreatedBy, secret);
    }

    /// <summary>A message in the log of a webhook: state is waiting, delivered or given-up; status and answer are those of the last attempt.</summary>
    internal sealed record MessageDocument(
        long Number, string Id, string Type, DateTimeOffset At, string State, int Attempts, DateTimeOffset? NextAt, DateTimeOffset? TriedAt, int? Status, string? Answer, long? TookMs)
    {
        public static MessageDocument Of(WebhookMessage message) => new(
            message.Number, message.EventId, message.Type, message.At, Words.Of(message.State), message.Attempts, message.State == MessageState.Waiting ? message.NextAt : null,
            message.TriedAt, message.Status, message.TriedAt is null ? null : message.Answer, message.TookMs);
    }

    /// <summary>A message with the body that is sent, and every attempt.</summary>
    internal sealed record MessageDetails(MessageDocument Message, JsonObject Body, IReadOnlyList<WebhookAttempt> Attempts);

    /// <summary>A page of the log, the newest first; next is the before of the next page, null on the last one.</summary>
    internal sealed record MessageList(IReadOnlyList<MessageDocument> Messages, long? Next);

    /// <summary>A message that was queued.</summary>
    internal sealed record Queued(long Number);

    /// <summary>How many messages were queued again.</summary>
    internal sealed record QueuedAgain(int Messages);

    /// <summary>What webhooks can be told.</summary>
    internal sealed record EventTypeList(IReadOnlyList<string> Events);

    public static RouteGroupBuilder MapWebhooks(this RouteGroupBuilder api)
    {
        var webhooks = api.MapGroup("/webhooks").WithTags("Webhooks").Needs(TokenScope.Webhooks).ProducesProblem(StatusCodes.Status404NotFound);
        webhooks.MapGet("/", List).WithName("ListWebhooks");
        webhooks.MapPost("/", Add).WithName("CreateWebhook").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        webhooks.MapGet("/event-types", () => TypedResults.Ok(new EventTypeList(EventTypes.All))).WithName("ListEventTypes");
        webhooks.MapGet("/{id:long}", Get).WithName("GetWebhook");
        webhooks.MapPut("/{id:long}", Change).WithName("ChangeWebhook").ProducesProblem(StatusCodes.Status400BadRequest);
        webhooks.MapDelete("/{id:long}", Remove).WithName("DeleteWebhook");
        webhooks.MapPost("/{id:long}/secret", Rotate).WithName("RotateWebhookSecret");
        webhooks.MapPost("/{id:long}/test", Try).WithName("TestWebhook");
        webhooks.MapPost("/{id:long}/redeliver", AllAgain).WithName("RedeliverGivenUp");
        webhooks.MapGet("/{id:long}/messages", Messages).WithName("ListWebhookMessages").ProducesProblem(StatusCodes.Status400BadRequest);
        webhooks.MapGet("/{id:long}/messages/{number:long}", Message).WithName("GetWebhookMessage");
        webhooks.MapPost("/{id:long}/messages/{number:long}/redeliver", Again).WithName("RedeliverWebhookMessage");
        return api;
    }

    private static async Task<Ok<List<WebhookDocument>>> List(WebhookStore store, CancellationToken stop) =>
        TypedResults.Ok((await store.List(stop)).Select(one => WebhookDocument.Of(one)).ToList());

    private static async Task<Results<Created<WebhookDocument>, ProblemHttpResult>> Add(NewWebhook webhook, ClaimsPrincipal user, SaveWebhook use, CancellationToken stop) =>
        (await use.Add(webhook.ToWish(), Actor.Of(user), stop)).Is(out var made, out var refusal)
            ? TypedResults.Created($"{RestApi.Path}/webhooks/{made.Webhook.Id}", WebhookDocument.Of(made.Webhook, made.Secret))
            : RefusalResult.Of(refusal);

    private static async Task<Results<Ok<WebhookDocument>, ProblemHttpResult>> Get(long id, SaveWebhook use, CancellationToken stop) =>
        (await use.Found(id, stop)).Is(out var found, out var refusal) ? TypedResults.Ok(WebhookDocument.Of(found)) : RefusalResult.Of(refusal);

    private static async Task<Results<Ok<WebhookDocument>, ProblemHttpResult>> Change(long id, NewWebhook webhook, SaveWebhook use, CancellationToken stop) =>
        (await use.Change(id, webhook.ToWish(), stop)).Is(out var changed, out var refusal) ? TypedResults.Ok(WebhookDocument.Of(changed)) : RefusalResult.Of(refusal);

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(long id, SaveWebhook use, WebhookStore store, CancellationToken stop)
    {
        if (!(await use.Found(id, stop)).Is(out _, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        await store.Remove(id, stop);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<WebhookDocument>, ProblemHttpResult>> Rotate(long id, SaveWebhook use, CancellationToken stop) =>
        (await use.Rotate(id, stop)).Is(out var made, out var refusal) ? TypedResults.Ok(WebhookDocument.Of(made.Webhook, made.Secret)) : RefusalResult.Of(refusal);

    private static async Task<Results<Accepted<Queued>, ProblemHttpResult>> Try(long id, ClaimsPrincipal user, TryWebhook use, CancellationToken stop) =>
        (await use.Handle(id, Actor.Of(user), stop)).Is(out var number, out var refusal)
            ? TypedResults.Accepted($"{RestApi.Path}/webhooks/{id}/messages/{number}", new Queued(number))
            : RefusalResult.Of(refusal);

    private static async Task<Results<Accepted<QueuedAgain>, ProblemHttpResult>> AllAgain(long id, SendAgain use, CancellationToken stop) =>
        (await use.AllGivenUp(id, stop)).Is(out var count, out var refusal)
            ? TypedResults.Accepted($"{RestApi.Path}/webhooks/{id}/messages", new QueuedAgain(count))
            : RefusalResult.Of(refusal);

    private static async Task<Results<Ok<MessageList>, ProblemHttpResult>> Messages(
        long id, SaveWebhook use, MessageStore store, CancellationToken stop, string? state = null, long? before = null, int take = 50)
    {
        if (!(await use.Found(id, stop)).Is(out _, out var refusal))
        {
            return RefusalResult.Of(refusal);
        }

        MessageState? only = null;
        if (!string.IsNullOrEmpty(state))
        {
            if (!Words.TryTo<MessageState>(state, out var known))
            {
                return RefusalResult.Of(WebhookRefusals.State(state));
            }

            only = known;
        }

        take = Math.Clamp(take, 1, MostOfPage);
        var page = await store.List(id, only, before ?? long.MaxValue, take, stop);
        return TypedResults.Ok(new MessageList([.. page.Select(MessageDocument.Of)], page.Count < take ? null : page[^1].Number));
    }

    private static async Task<Results<Ok<MessageDetails>, ProblemHttpResult>> Message(long id, long number, MessageStore store, CancellationToken stop) =>
        await store.Find(id, number, stop) is { } message
            ? TypedResults.Ok(new MessageDetails(MessageDocument.Of(message), MessageBody.Document(message), await store.Attempts(message, stop)))
            : RefusalResult.Of(WebhookRefusals.NoMessage(number));

    private static async Task<Results<Accepted<MessageDocument>, ProblemHttpResult>> Again(long id, long number, SendAgain use, CancellationToken stop) =>
        (await use.Handle(id, number, stop)).Is(out var message, out var refusal)
            ? TypedResults.Accepted($"{RestApi.Path}/webhooks/{id}/messages/{number}", MessageDocument.Of(message))
            : RefusalResult.Of(refusal);
}
