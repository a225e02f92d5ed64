// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.RegularExpressions;
using Tutti.Mail.Composing;

namespace Tutti.Lui.Delivery.Starting;

/// <summary>In evaluation mode test messages do go out: a line on top says that they are all that does.</summary>
internal static partial class EvaluationBanner
{
    /// <summary>The message with the line on top of each part.</summary>
    public static MessageSource On(MessageSource source) => source with
    {
        Html = source.Html is { } html ? OnHtml(html) : null,
        Text = source.Text is { } text ? $"*** {DeliveryWords.EvaluationBanner} ***\n\n{text}" : null,
    };

    private static string OnHtml(string html)
    {
        var banner = $"<div style=\"padding:8px;background:#ffd54f;color:#000000;font-family:sans-serif\">{WebUtility.HtmlEncode(DeliveryWords.EvaluationBanner)}</div>";
        return Body().Match(html) is { Success: true } body ? html.Insert(body.Index + body.Length, banner) : banner + html;
    }

    [GeneratedRegex("<body[^>]*>", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Body();
}
