// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tutti.Mail.Links;

namespace Tutti.Trk.Spool;

/// <summary>What a recipient did, as far as it may be kept.</summary>
/// <param name="Kind">Open, click or unsubscribe.</param>
/// <param name="AtMs">Unix time in milliseconds.</param>
/// <param name="JobId">The mail job or test delivery.</param>
/// <param name="Link">The link of a click; 0 otherwise.</param>
/// <param name="Recipient">Token of the recipient; absent where it may not be kept.</param>
/// <param name="UserAgent">At most <see cref="MaxUserAgent"/> characters.</param>
/// <param name="ClientAddress">Absent where it may not be kept.</param>
internal readonly record struct TrackedEvent(LinkKind Kind, long AtMs, ulong JobId, uint Link, ulong? Recipient, string UserAgent, IPAddress? ClientAddress)
{
    /// <summary>Longest user agent that is kept, in characters.</summary>
    public const int MaxUserAgent = 500;

    /// <summary>Reduces what a request told to what the tracking of its job allows.</summary>
    /// <param name="token">A verified token.</param>
    /// <param name="isPersonal">Do the events of this job lead back to the recipient? False while the job is not known.</param>
    /// <param name="atMs">Unix time in milliseconds.</param>
    /// <param name="userAgent">As the request had it.</param>
    /// <param name="clientAddress">Who asked.</param>
    public static TrackedEvent Of(in LinkToken token, bool isPersonal, long atMs, string userAgent, IPAddress? clientAddress) => (isPersonal, token.Kind) switch
    {
        (true, _) => new(token.Kind, atMs, token.JobId, token.Link, token.Recipient, Shorten(userAgent), clientAddress),

        // Who unsubscribes wants to be known by this one wish. Nothing else is kept with it that could be matched with her opens and clicks.
        (false, LinkKind.Unsubscribe) => new(token.Kind, atMs, token.JobId, token.Link, token.Recipient, "", null),
        (false, _) => new(token.Kind, atMs, token.JobId, token.Link, null, Shorten(userAgent), null),
    };

    private static string Shorten(string text)
    {
        if (text.Length <= MaxUserAgent)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[MaxUserAgent - 1]) ? MaxUserAgent - 1 : MaxUserAgent;
        return text[..end];
    }
}
