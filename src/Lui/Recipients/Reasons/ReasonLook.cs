// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Lui.Returns;

namespace Tutti.Lui.Recipients.Reasons;

/// <summary>How an answer is said.</summary>
internal static class ReasonLook
{
    /// <summary>A moment for programs and files.</summary>
    public static string Utc(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The answer in one sentence.</summary>
    /// <param name="reason">The answer.</param>
    /// <param name="say">How a moment is said.</param>
    public static string SentenceOf(AddressReason reason, Func<DateTimeOffset, string> say)
    {
        var (at, number) = (reason.At is { } moment ? say(moment) : "", SharedWords.Number(reason.Number ?? 0));
        return reason.Kind switch
        {
            ReasonKind.NoRecipients => SharedWords.Fill(ReasonsWords.NoRecipients, reason.JobCode),
            ReasonKind.NotThere => SharedWords.Fill(ReasonsWords.NotThere, reason.Address, reason.Source!.FileName),
            ReasonKind.SetApart => SharedWords.Fill(ReasonsWords.SetApart, reason.Address, number, reason.Source!.FileName, reason.Detail),
            ReasonKind.WillBeSuppressed => SharedWords.Fill(ReasonsWords.WillBeSuppressed, reason.Address, at, reason.Detail),
            ReasonKind.WillGet when reason.Simulated => SharedWords.Fill(ReasonsWords.WillGetNothing, reason.Address, reason.JobCode),
            ReasonKind.WillGet when reason.At is null => SharedWords.Fill(ReasonsWords.WillGet, reason.Address, reason.JobCode),
            ReasonKind.WillGet => SharedWords.Fill(ReasonsWords.WillGetAt, reason.Address, reason.JobCode, at),
            ReasonKind.Waiting => SharedWords.Fill(ReasonsWords.Waiting, reason.Address, at),
            ReasonKind.Got when reason.Simulated => SharedWords.Fill(ReasonsWords.GotNothing, reason.Address, at),
            ReasonKind.Got => SharedWords.Fill(ReasonsWords.Got, reason.Address, reason.Host.Length > 0 ? reason.Host : ReasonsWords.ItsServer, at, reason.Detail),
            ReasonKind.Refused => SharedWords.Fill(ReasonsWords.RefusedBy, reason.Address, reason.Host, at, reason.Detail),
            ReasonKind.NotOffered => SharedWords.Fill(ReasonsWords.NotOffered, reason.Address, at, reason.Detail),
            ReasonKind.Expired => SharedWords.Fill(ReasonsWords.Expired, reason.Address, at, reason.Detail),
            ReasonKind.Suppressed => SharedWords.Fill(ReasonsWords.Suppressed, reason.Address, at, reason.Detail),
            ReasonKind.Withdrawn => SharedWords.Fill(ReasonsWords.Withdrawn, reason.Address, at),
            ReasonKind.InDoubt => SharedWords.Fill(ReasonsWords.InDoubt, reason.Address, at),
        };
    }

    /// <summary>What came back later, a sentence each.</summary>
    public static IEnumerable<string> AfterwardsOf(AddressReason reason, Func<DateTimeOffset, string> say) => reason.CameBack.Select(back =>
        SharedWords.Fill(
            back.What switch
            {
                CameBack.Bounced => ReasonsWords.ThenBounced,
                CameBack.Complained => ReasonsWords.ThenComplained,
                CameBack.Unsubscribed => ReasonsWords.ThenUnsubscribed,
            },
            say(DateTimeOffset.FromUnixTimeMilliseconds(back.At)),
            back.Reply));

    /// <summary>Where the address comes from, in a sentence; null if the job has no recipients.</summary>
    public static string? SourceOf(AddressReason reason, Func<DateTimeOffset, string> say) => reason.Source is not { } source
        ? null
        : SharedWords.Fill(ReasonsWords.Source, source.FileName, source.By.Name, say(source.FinishedAt ?? source.CreatedAt));
}
