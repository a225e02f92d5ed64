// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Components;

namespace Tutti.Lui.Webhooks;

/// <summary>What somebody types into the form of a webhook.</summary>
public sealed class WebhookDraft
{
    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its address.</summary>
    public string Url { get; set; } = "";

    /// <summary>What it shall be told.</summary>
    public HashSet<string> Events { get; } = new(StringComparer.Ordinal);

    internal static WebhookDraft Of(Webhook webhook)
    {
        var draft = new WebhookDraft { Name = webhook.Name, Url = webhook.Url };
        draft.Events.UnionWith(webhook.Events);
        return draft;
    }

    internal Action<ChangeEventArgs> Chooser(string type) => change => _ = change.Value is true ? Events.Add(type) : Events.Remove(type);

    internal SaveWebhook.Wish ToWish(bool isOn) => new(Name, Url, [.. Events], isOn);
}
