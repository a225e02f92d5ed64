// SPDX-License-Identifier: Apache-2.0
namespace Tutti.System.Tests.Receiving;

/// <summary>A point of a conversation, as the receiver comes to it.</summary>
public enum Moment
{
    /// <summary>A connection is open and nothing was said yet.</summary>
    Connected,

    /// <summary>RCPT TO has come, unanswered: the sender has claimed the recipient.</summary>
    Named,

    /// <summary>Some of the message has come, and not its terminator.</summary>
    Writing,

    /// <summary>The terminator has come and the message is kept; no answer was given yet.</summary>
    Ended,

    /// <summary>The answer to the message was given.</summary>
    Answered,
}
