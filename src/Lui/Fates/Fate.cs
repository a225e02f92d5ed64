// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Fates;

/// <summary>What became of a recipient. The numbers are those of the contract and of the database.</summary>
internal enum Fate
{
    /// <summary>No fate yet.</summary>
    Waiting = 0,

    /// <summary>The receiver took the message.</summary>
    Accepted = 1,

    /// <summary>The receiver, or a local rule, refused it.</summary>
    Refused = 2,

    /// <summary>It could not be delivered within the retry period.</summary>
    Expired = 3,

    /// <summary>The address stands on the suppression list.</summary>
    Suppressed = 4,

    /// <summary>Never offered, because people stopped and closed the job.</summary>
    Withdrawn = 5,

    /// <summary>The message was on the wire and the answer was lost.</summary>
    InDoubt = 6,
}
