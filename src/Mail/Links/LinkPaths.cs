// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Links;

/// <summary>Where tokens stand in the tracker's URLs.</summary>
public static class LinkPaths
{
    /// <summary>Path of open images, before the token.</summary>
    public const string Open = "/o/";

    /// <summary>Path of clicks, before the token.</summary>
    public const string Click = "/c/";

    /// <summary>Path of unsubscribing, before the token.</summary>
    public const string Unsubscribe = "/u/";

    /// <summary>The path of a kind, with slashes at both ends.</summary>
    public static string Of(LinkKind kind) => kind switch
    {
        LinkKind.Open => Open,
        LinkKind.Click => Click,
        LinkKind.Unsubscribe => Unsubscribe,
    };

    /// <summary>The whole URL of a new token.</summary>
    /// <param name="trackingUrl">Public address of the tracker; a slash at the end is ignored.</param>
    /// <param name="key">Key that signs.</param>
    /// <param name="kind">What the token stands for.</param>
    /// <param name="jobId">Number of the job.</param>
    /// <param name="link">Number of the link, 0 for other kinds than clicks.</param>
    /// <param name="recipient">Token of the recipient, if the tracking type allows it.</param>
    public static string Url(string trackingUrl, LinkKey key, LinkKind kind, ulong jobId, uint link, ulong? recipient)
    {
        ArgumentNullException.ThrowIfNull(trackingUrl);
        return string.Concat(trackingUrl.AsSpan().TrimEnd('/'), Of(kind), LinkToken.Create(key, kind, jobId, link, recipient));
    }
}
