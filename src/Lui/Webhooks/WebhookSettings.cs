// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Tutti.Lui.Webhooks;

/// <summary>What an administrator decides about webhooks.</summary>
internal sealed record WebhookSettings
{
    [Networks, Description("Networks whose addresses webhooks may lead to although they are private, such as 10.1.0.0/16, with commas between; only there may they go without TLS. Empty: none.")]
    public string WebhookNetworks { get; init; } = "";

    /// <summary>How long a message is tried, in hours, from 1 to 720. Default 72.</summary>
    [Range(1, 720), Description("Hours for which a message of a webhook is tried again; a webhook that takes nothing for so long is switched off.")]
    public int WebhookHours { get; init; } = 72;

    /// <summary>How long sent messages are kept in the log, in days, from 1 to 366. Default 14.</summary>
    [Range(1, 366), Description("Days for which messages of webhooks stay in the log after they were delivered or given up.")]
    public int WebhookLogDays { get; init; } = 14;

    /// <summary>The networks that may be reached although they are private.</summary>
    public IReadOnlyList<IPNetwork> Networks => [.. Split(WebhookNetworks).Select(IPNetwork.Parse)];

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private sealed class NetworksAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            Split((string)value!).FirstOrDefault(one => !IPNetwork.TryParse(one, out _)) is { } bad
                ? new ValidationResult($"{bad} is no network like 10.1.0.0/16.", [nameof(WebhookNetworks)])
                : ValidationResult.Success;
    }
}
