// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Tutti.Lui.Jobs;
using Tutti.Lui.Senders;
using Tutti.Mail.Addresses;
using Tutti.Mail.Composing;
using Tutti.Mail.Links;
using Tutti.Mail.Merging.Filters;

namespace Tutti.Lui.Content;

/// <summary>From a job's parts to the message that they are.</summary>
internal static class MessageSources
{
    // Leaves room in a Feedback-ID for the job and the sender.
    private const int LongestListId = 150;

    /// <summary>The message of a job.</summary>
    public static MessageSource Of(JobContent content, JobSender sender, JobTracking tracking) => new()
    {
        Subject = content.Subject,
        Html = string.IsNullOrWhiteSpace(content.Html) ? null : content.Html,
        Text = content.SentText is var text && string.IsNullOrWhiteSpace(text) ? null : text,
        Preheader = content.Preheader,
        Language = new MergeLanguage(content.Language, content.LanguageField),
        FromAddress = sender.Address,
        FromName = sender.Name,
        ReplyTo = sender.ReplyTo,
        ExtraHeaders = HeadersOf(sender),
        Tracking = TypeOf(tracking),
    };

    /// <summary>What a sender adds to the headers: its organisation (RFC 5536 §3.2.7), and whatever it names.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> HeadersOf(JobSender sender) =>
        [.. sender.Organisation is { } organisation ? [new("Organization", organisation)] : Array.Empty<KeyValuePair<string, string>>(), .. SenderHeaders.Read(sender.Headers)];

    /// <summary>
    /// The message with what receivers sort mail and count complaints by: the sender as a list (List-Id, RFC 2919), and the job,
    /// the list and the sender's domain (Feedback-ID). Neither says anything about the recipient.
    /// </summary>
    public static MessageSource Labelled(MessageSource source, string jobCode)
    {
        if (!EmailAddress.TryParse(source.FromAddress, out var from, out _))
        {
            return source;
        }

        var domain = from.Domain.ToString();
        var local = string.Concat(from.LocalPart.ToString().Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? char.ToLowerInvariant(letter) : '-'));
        var list = $"{local.Trim('.')}.{domain}";
        return list.Length > LongestListId ? source : source with { ListId = list, FeedbackId = $"{jobCode}:{list}:{SenderIdOf(domain)}" };
    }

    /// <summary>Five to fifteen characters that stay the same for a domain.</summary>
    private static string SenderIdOf(string domain)
    {
        var letters = string.Concat(domain.Where(char.IsAsciiLetterOrDigit));
        return letters.Length is >= 5 and <= 15 ? letters : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(domain)))[..12];
    }

    /// <summary>The tracking type as the message knows it.</summary>
    public static TrackingType TypeOf(JobTracking tracking) => tracking switch
    {
        JobTracking.Personal => TrackingType.Personal,
        JobTracking.Permission => TrackingType.Permission,
        JobTracking.Anonymous => TrackingType.Anonymous,
        JobTracking.Unique => TrackingType.Unique,
        JobTracking.Blind => TrackingType.Blind,
        JobTracking.Off => TrackingType.Off,
    };
}
