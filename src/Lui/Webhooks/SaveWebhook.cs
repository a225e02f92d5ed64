// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tutti.Lui.Jobs;
using Tutti.Lui.Preflight.Links;
using Tutti.Lui.Webhooks.Events;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Webhooks;

/// <summary>Makes and changes webhooks.</summary>
internal sealed class SaveWebhook(WebhookStore store, WebhookSecrets secrets, WebhookSettings settings, TimeProvider clock)
{
    /// <param name="Name">What it is for.</param>
    /// <param name="Url">Where messages are sent.</param>
    /// <param name="Events">What it is told.</param>
    /// <param name="IsOn">Whether it is told anything at present; a new one is.</param>
    public sealed record Wish(string Name, string Url, IReadOnlyList<string> Events, bool IsOn = true);

    /// <summary>Makes one. Its secret is in the answer and is shown nowhere else.</summary>
    public async Task<Outcome<(Webhook Webhook, string Secret)>> Add(Wish wish, Actor who, CancellationToken cancellationToken)
    {
        if (Check(wish) is { } refusal)
        {
            return refusal;
        }

        if ((await store.List(cancellationToken)).Count >= Webhook.Most)
        {
            return WebhookRefusals.TooMany();
        }

        var secret = WebhookSecrets.New();
        var webhook = new Webhook(0, wish.Name.Trim(), wish.Url.Trim(), InOrder(wish.Events), IsOn: true, "", secrets.Hide(secret), "", null, 0, null, null, clock.GetUtcNow(), who.Name);
        return (webhook with { Id = await store.Add(webhook, cancellationToken) }, secret);
    }

    /// <summary>Changes one; whatever kept it from being tried is forgotten.</summary>
    public async Task<Outcome<Webhook>> Change(long id, Wish wish, CancellationToken cancellationToken)
    {
        if (await store.Find(id, cancellationToken) is null)
        {
            return WebhookRefusals.NotFound(id);
        }

        if (Check(wish) is { } refusal)
        {
            return refusal;
        }

        await store.Change(id, wish.Name.Trim(), wish.Url.Trim(), InOrder(wish.Events), wish.IsOn, cancellationToken);
        return await Found(id, cancellationToken);
    }

    /// <summary>A new secret; the one before signs beside it for <see cref="Webhook.Overlap"/>.</summary>
    public async Task<Outcome<(Webhook Webhook, string Secret)>> Rotate(long id, CancellationToken cancellationToken)
    {
        if (await store.Find(id, cancellationToken) is null)
        {
            return WebhookRefusals.NotFound(id);
        }

        var secret = WebhookSecrets.New();
        await store.Rotate(id, secrets.Hide(secret), clock.GetUtcNow() + Webhook.Overlap, cancellationToken);
        return (await Found(id, cancellationToken)).Is(out var webhook, out var refusal) ? (webhook, secret) : refusal;
    }

    /// <summary>One by its number.</summary>
    public async Task<Outcome<Webhook>> Found(long id, CancellationToken cancellationToken) =>
        await store.Find(id, cancellationToken) is { } webhook ? webhook : WebhookRefusals.NotFound(id);

    private static List<string> InOrder(IReadOnlyList<string> events) => [.. EventTypes.All.Intersect(events, StringComparer.Ordinal)];

    private Refusal? Check(Wish wish)
    {
        if (wish.Name.Trim().Length is 0 or > Webhook.MaxName || wish.Name.Any(char.IsControl))
        {
            return WebhookRefusals.Name();
        }

        if (CheckUrl(wish.Url.Trim()) is { } refusal)
        {
            return refusal;
        }

        return wish.Events.Count == 0
            ? WebhookRefusals.Events()
            : wish.Events.FirstOrDefault(one => !EventTypes.All.Contains(one)) is { } unknown ? WebhookRefusals.Event(unknown) : null;
    }

    // What a name leads to is judged at each attempt; only what can never be reached is refused here.
    private Refusal? CheckUrl(string text)
    {
        if (text.Length > Webhook.MaxUrl || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            return WebhookRefusals.Url();
        }

        if (url.Scheme == Uri.UriSchemeHttp && settings.Networks.Count == 0)
        {
            return WebhookRefusals.Plain();
        }

        return IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && !PublicAddress.Is(address) && !settings.Networks.Any(network => network.Contains(address))
            ? WebhookRefusals.Private()
            : null;
    }
}
