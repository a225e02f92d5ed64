// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Webhooks;

/// <summary>What cannot be done with webhooks.</summary>
internal static class WebhookRefusals
{
    public static Refusal NotFound(long id) => new(
        RefusalKind.NotFound, "webhook.not-found", SharedWords.Fill(WebhooksWords.NoSuchWebhook, id.ToString(CultureInfo.InvariantCulture)));

    public static Refusal NoMessage(long number) => new(
        RefusalKind.NotFound, "webhook.message-not-found", SharedWords.Fill(WebhooksWords.NoSuchMessage, number.ToString(CultureInfo.InvariantCulture)));

    public static Refusal Name() => new(RefusalKind.Invalid, "webhook.name", SharedWords.Fill(WebhooksWords.BadName, SharedWords.Number(Webhook.MaxName)), "name");

    public static Refusal Url() => new(RefusalKind.Invalid, "webhook.url", SharedWords.Fill(WebhooksWords.BadUrl, SharedWords.Number(Webhook.MaxUrl)), "url");

    public static Refusal Plain() => new(RefusalKind.Invalid, "webhook.plain", WebhooksWords.PlainUrl, "url");

    public static Refusal Private() => new(RefusalKind.Invalid, "webhook.private", WebhooksWords.PrivateUrl, "url");

    public static Refusal Events() => new(RefusalKind.Invalid, "webhook.events", WebhooksWords.NoEvents, "events");

    public static Refusal Event(string type) => new(RefusalKind.Invalid, "webhook.event", SharedWords.Fill(WebhooksWords.NoSuchEvent, type), "events");

    public static Refusal TooMany() => new(RefusalKind.Conflict, "webhook.too-many", SharedWords.Fill(WebhooksWords.TooMany, SharedWords.Number(Webhook.Most)));

    public static Refusal State(string state) => new(RefusalKind.Invalid, "webhook.state", SharedWords.Fill(WebhooksWords.BadState, state), "state");
}
