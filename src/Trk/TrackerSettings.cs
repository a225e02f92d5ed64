// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Tutti.Trk.PublicPages;

namespace Tutti.Trk;

/// <summary>How recipients reach the tracker.</summary>
internal sealed record TrackerSettings
{
    /// <summary>The address that stands in messages; empty for <c>http://HOST:PORT</c> of the tracker's public port.</summary>
    [PublicUrl, Description("The address of the tracker as it stands in messages, such as https://click.example.com. If it is missing: http://, the host name and the tracker's public port.")]
    public string PublicUrl { get; init; } = "";

    /// <summary>Proxies whose X-Forwarded-For header is believed.</summary>
    [Addresses, Description("Addresses or networks of the proxies in front of the tracker, separated by commas. Only their X-Forwarded-For header is believed.")]
    public string[] TrustedProxies { get; init; } = [];
}

/// <summary>Empty, or an absolute http or https URL without query.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PublicUrlAttribute() : ValidationAttribute("it must be an absolute http or https address without question mark, such as https://click.example.com.")
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is ""
        || (value is string text && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.Fragment.Length == 0);
}
