// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Feeds;

/// <summary>How a round of reading ended.</summary>
internal enum FeedRound
{
    /// <summary>There was nothing new.</summary>
    Nothing,

    /// <summary>Events were stored and confirmed.</summary>
    Stored,

    /// <summary>The writer answered with a feed that was not known; it is read from its start.</summary>
    Begun,

    /// <summary>Another reader stored the same events first.</summary>
    Overtaken,
}
