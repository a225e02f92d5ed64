// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients;
using Tutti.Mail.Composing;

namespace Tutti.Lui.Preflight;

/// <summary>A message as one recipient would get it.</summary>
/// <param name="Recipient">Who.</param>
/// <param name="Values">His or her values.</param>
/// <param name="Preview">Subject and parts; links lead straight to their targets.</param>
/// <param name="Html">The HTML part as a browser reads it; null if there is none.</param>
internal sealed record PreflightSample(Recipient Recipient, MergedValues Values, MessagePreview Preview, IHtmlDocument? Html)
{
    /// <summary>Stands in the preview where the reader's own unsubscribe URL will be.</summary>
    public const string UnsubscribeUrl = "https://unsubscribe.invalid/";
}

/// <summary>What the rules look at.</summary>
/// <param name="Job">The job.</param>
/// <param name="Message">Its message, compiled as it would leave.</param>
/// <param name="Audience">What the message is for all of its recipients.</param>
/// <param name="Samples">The message as the first recipients get it; at least one.</param>
internal sealed record PreflightSubject(Job Job, CompiledMessage Message, Audience Audience, IReadOnlyList<PreflightSample> Samples)
{
    // Raise it when rules are added or mean something else: what was looked at before is then looked at again.
    private const string Rules = "3";

    /// <summary>Names all that a look depends on.</summary>
    public static string FingerprintOf(Job job, MessageSource source)
    {
        string?[] parts =
        [
            Rules, source.Subject, source.Html, source.Text, source.Preheader, source.Language.Usual, source.Language.Field, job.Sender?.Name, job.Sender?.Address, job.Sender?.ReplyTo, job.Sender?.Organisation, job.Sender?.PostalAddress, job.Sender?.BouncesTo, job.Sender?.Headers, job.Tracking?.ToString(), job.Way.ToString(),
            job.RecipientsId?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            .. source.Files.SelectMany(file => new[] { file.Name, file.ContentType, file.Digest, file.ContentId }),
            JsonSerializer.Serialize(source.Links), job.TrackingDetails.ToJson(),
            job.Schedule is { Local: { } local } schedule ? $"{local.WallInWords} {schedule.Zone} {local.Column}" : null,
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))));
    }
}
