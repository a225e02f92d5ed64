// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tutti.Mail.Links;

namespace Tutti.Trk.Spool;

/// <summary>How much may be kept with an event.</summary>
internal enum Kept
{
    /// <summary>That it happened.</summary>
    Count,

    /// <summary>The number of a profile, or of a reader who is nobody.</summary>
    Trace,

    /// <summary>Everything: it leads back to the recipient.</summary>
    Person,
}

/// <summary>What a recipient did, as far as it may be kept.</summary>
/// <param name="Kind">Open, click or unsubscribe.</param>
/// <param name="AtMs">Unix time in milliseconds.</param>
/// <param name="JobId">The mail job or test delivery.</param>
/// <param name="Link">The link of a click; 0 otherwise.</param>
/// <param name="Recipient">Token of the recipient; absent where it may not be kept.</param>
/// <param name="UserAgent">At most <see cref="MaxUserAgent"/> characters; of which sort the program is, where nothing leads back to the recipient.</param>
/// <param name="ClientAddress">Absent where it may not be kept.</param>
/// <param name="Trace">The number of a profile, or of a reader who is nobody; absent where it may not be kept.</param>
internal readonly record struct TrackedEvent(
    LinkKind Kind, long AtMs, ulong JobId, uint Link, ulong? Recipient, string UserAgent, IPAddress? ClientAddress, ulong? Trace = null)
{
    /// <summary>Longest user agent that is kept, in characters.</summary>
    public const int MaxUserAgent = 500;

    /// <summary>What the tracking of a job lets be kept of the event of a token.</summary>
    /// <param name="token">A verified token.</param>
    /// <param name="tracking">The job's tracking type; null while the job is not known.</param>
    public static Kept Allowed(in LinkToken token, TrackingType? tracking) => tracking switch
    {
        TrackingType.Personal => Kept.Person,

        // The token of an open or click names only who permits it; that of an unsubscribe names everybody.
        TrackingType.Permission when token is { Kind: not LinkKind.Unsubscribe, Recipient: not null } => Kept.Person,
        TrackingType.Permission or TrackingType.Anonymous or TrackingType.Unique => Kept.Trace,
        TrackingType.Blind or TrackingType.Off or null => Kept.Count,
    };

    /// <summary>Reduces what a request told to what may be kept.</summary>
    /// <param name="token">A verified token.</param>
    /// <param name="kept">How much.</param>
    /// <param name="atMs">Unix time in milliseconds.</param>
    /// <param name="userAgent">As the request had it.</param>
    /// <param name="clientAddress">Who asked.</param>
    public static TrackedEvent Of(in LinkToken token, Kept kept, long atMs, string userAgent, IPAddress? clientAddress) => (kept, token.Kind) switch
    {
        (Kept.Person, _) => new(token.Kind, atMs, token.JobId, token.Link, token.Recipient, Shorten(userAgent), clientAddress),

        // Who unsubscribes wants to be known by this one wish. Nothing else is kept with it that could be matched with her opens and clicks.
        (_, LinkKind.Unsubscribe) => new(token.Kind, atMs, token.JobId, token.Link, token.Recipient, "", null),

        // What a program says of itself in full would tell readers apart.
        (Kept.Trace, _) => new(token.Kind, atMs, token.JobId, token.Link, null, ProgramSort.Of(userAgent), null, token.Trace),
        _ => new(token.Kind, atMs, token.JobId, token.Link, null, ProgramSort.Of(userAgent), null),
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
