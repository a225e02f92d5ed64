// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Journal;

/// <summary>Where a recipient stands. The numbers are in the database.</summary>
internal enum Standing
{
    /// <summary>Not offered to anybody yet, or deferred and to be tried again.</summary>
    Waiting = 0,

    /// <summary>Everything but the terminator of the message may have been written, and no reply to it is known.</summary>
    Offered = 1,

    /// <summary>A receiver took it.</summary>
    Accepted = 2,

    /// <summary>A receiver refused it for good, or it could not be sent for a local reason.</summary>
    Refused = 3,

    /// <summary>It was deferred until its time was over.</summary>
    Expired = 4,

    /// <summary>The address was on the suppression list at the moment of sending.</summary>
    Suppressed = 5,

    /// <summary>People ended the delivery before it was offered.</summary>
    Withdrawn = 6,

    /// <summary>It was on the wire and the answer was lost.</summary>
    InDoubt = 7,
}
