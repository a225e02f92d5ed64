// SPDX-License-Identifier: Apache-2.0
namespace Tutti.System.Tests.Receiving;

/// <summary>What the receiving server does with one attempt to deliver to one address.</summary>
public enum Behaviour
{
    Accept,

    /// <summary>550 to RCPT.</summary>
    RefuseAddress,

    /// <summary>554 after the message.</summary>
    RefuseMessage,

    /// <summary>451 to RCPT.</summary>
    DeferAddress,

    /// <summary>451 after the message.</summary>
    DeferMessage,

    /// <summary>Closes the connection in the middle of the message.</summary>
    DropBeforeTerminator,

    /// <summary>Reads and keeps the whole message, then closes the connection without an answer.</summary>
    DropAfterTerminator,
}
