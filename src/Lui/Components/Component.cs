// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Components;

/// <summary>A component of the installation as last known.</summary>
/// <param name="Id">LUI's own number for it.</param>
/// <param name="Name"><c>hub</c>, <c>trk</c>, <c>dst</c> or <c>lui</c>.</param>
/// <param name="Host">Host name of its server.</param>
/// <param name="InternalPort">Port 1099 or what stands for it.</param>
/// <param name="TrackerPort">Trackers: port 7000 or what stands for it.</param>
/// <param name="PublicUrl">Trackers: the address that recipients use, without a slash at the end.</param>
/// <param name="InService">False once people let jobs leave without this tracker.</param>
/// <param name="Feed">The id of its feed when it last answered, or null.</param>
/// <param name="Problem">Why it does not answer, in words behind its title ("cannot be reached"), or null.</param>
/// <param name="ProblemSince">Since when, Unix time in milliseconds.</param>
internal sealed record Component(
    long Id,
    string Name,
    string Host,
    int InternalPort,
    int TrackerPort,
    string PublicUrl,
    bool InService,
    string? Feed,
    string? Problem,
    long? ProblemSince = null)
{
    /// <summary>Whether links that begin with an address lead to this tracker. Trackers with one host name stand in for each other.</summary>
    public bool Serves(string trackingUrl) => TrackingHost is { Length: > 0 } host && host == HostOf(trackingUrl);

    /// <summary>The host name that recipients reach it under, in lower case; empty if it has none.</summary>
    public string TrackingHost => HostOf(PublicUrl);

    /// <summary>The host name of an address, in lower case; empty if there is none in it.</summary>
    public static string HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.IdnHost.ToLowerInvariant() : "";

    /// <summary>How it is called in messages: <c>trk on mail.example.com</c>.</summary>
    public string Title => $"{Name} on {Host}:{(Name == Trackers ? TrackerPort : InternalPort)}";

    /// <summary>The name of trackers in the registry.</summary>
    public const string Trackers = "trk";

    /// <summary>The name of distributors in the registry.</summary>
    public const string Distributors = "dst";
}
