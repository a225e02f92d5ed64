// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Preflight;

/// <summary>What an administrator decides about the preflight.</summary>
internal sealed record PreflightSettings
{
    [Description("yes: before a job is authorised the links and images of its message are asked for, straight and without a proxy; no: they are not.")]
    public bool CheckLinks { get; init; } = true;

    [Networks, Description("Networks whose addresses the check of links and the fetching of drop-ins may reach although they are private, such as 10.1.0.0/16, with commas between. Empty: none, links to private addresses are not followed.")]
    public string LinkCheckNetworks { get; init; } = "";

    [WebAddress, Description("Address of an Rspamd worker that rates messages before they leave, such as http://127.0.0.1:11333; empty: messages are not rated.")]
    public string RspamdUrl { get; init; } = "";

    [Description("Password of that worker, where it asks for one.")]
    public Secret RspamdPassword { get; init; } = new("");

    /// <summary>The networks that may be reached although they are private.</summary>
    public IReadOnlyList<IPNetwork> Networks => [.. Split(LinkCheckNetworks).Select(IPNetwork.Parse)];

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private sealed class NetworksAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            Split((string)value!).FirstOrDefault(one => !IPNetwork.TryParse(one, out _)) is { } bad
                ? new ValidationResult($"{bad} is no network like 10.1.0.0/16.", [nameof(LinkCheckNetworks)])
                : ValidationResult.Success;
    }

    private sealed class WebAddressAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            value is "" || (Uri.TryCreate((string)value!, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                ? ValidationResult.Success
                : new ValidationResult($"{value} is no address like http://127.0.0.1:11333.", [nameof(RspamdUrl)]);
    }
}
