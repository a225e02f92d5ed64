// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Mail.Composing;
using Tutti.Mail.Links;

namespace Tutti.Lui.Content;

/// <summary>From a job's parts to the message that they are.</summary>
internal static class MessageSources
{
    /// <summary>The message of a job.</summary>
    public static MessageSource Of(JobContent content, JobSender sender, JobTracking tracking) => new()
    {
        Subject = content.Subject,
        Html = string.IsNullOrWhiteSpace(content.Html) ? null : content.Html,
        Text = string.IsNullOrWhiteSpace(content.Text) ? null : content.Text,
        FromAddress = sender.Address,
        FromName = sender.Name,
        ReplyTo = sender.ReplyTo,
        Tracking = TypeOf(tracking),
    };

    /// <summary>The tracking type as the message knows it.</summary>
    public static TrackingType TypeOf(JobTracking tracking) => tracking switch
    {
        JobTracking.Personal => TrackingType.Personal,
        JobTracking.Blind => TrackingType.Blind,
        JobTracking.Off => TrackingType.Off,
    };
}
