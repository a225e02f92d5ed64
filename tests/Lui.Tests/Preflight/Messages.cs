// SPDX-License-Identifier: Apache-2.0
using AngleSharp.Html.Parser;
using Tutti.Lui.Jobs;
using Tutti.Lui.Preflight;
using Tutti.Lui.Recipients;
using Tutti.Mail.Composing;
using Tutti.Mail.Merging;

namespace Tutti.Lui.Tests.Preflight;

/// <summary>Messages for the rules to look at.</summary>
internal static class Messages
{
    private static readonly DateTimeOffset _now = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);

    /// <summary>A message for one recipient, Anna of Bonn.</summary>
    public static PreflightSubject Of(string? html, string? text = null, JobWay way = JobWay.Engine)
    {
        var job = new Job { Id = 1, Code = "261124A", Title = "Spring", Owner = new Actor("1", "Ada"), CreatedAt = _now, Sender = new JobSender("", "news@sender.example"), Way = way };
        var anna = new Recipient(1, "anna@rcpt.example", "anna@rcpt.example", "Anna", ["anna@rcpt.example", "Anna"]);
        Assert.True(CompiledMessage.TryCompile(new MessageSource { Subject = "Hello", Html = html, Text = text, FromAddress = "news@sender.example" }, out var message, out _));
        Assert.True(message.Plan.TryCompute(ReadAudience.Row(new MergeFields(["email", "first"]), anna), _now, out var values, out _));
        var preview = MessagePreview.Of(message, values, PreflightSample.UnsubscribeUrl);
        var sample = new PreflightSample(anna, values, preview, preview.Html is { } rendered ? new HtmlParser().ParseDocument(rendered) : null);
        return new PreflightSubject(job, message, new Audience(1, [], new Dictionary<string, Concerned>(), new Concerned(), null, [anna], anna), [sample]);
    }
}
