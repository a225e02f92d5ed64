// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Preflight.Links;

/// <summary>What became of a link that was asked for.</summary>
internal enum LinkFate
{
    /// <summary>There is something: an answer, also one that wants to know who asks.</summary>
    Alive,

    /// <summary>There is nothing: no such host, no such page, nobody answers.</summary>
    Dead,

    /// <summary>The host has trouble just now, or did not answer in time.</summary>
    Troubled,

    /// <summary>It leads to a private address and was not asked for.</summary>
    Private,

    /// <summary>There were too many links, or the time was up.</summary>
    NotAsked,
}

/// <summary>What a link answered.</summary>
/// <param name="Url">The link.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Words">Why, as the end of a sentence about the link: "answers 404".</param>
internal sealed record LinkAnswer(string Url, LinkFate Fate, string Words);
