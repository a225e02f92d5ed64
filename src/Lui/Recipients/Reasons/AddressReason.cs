// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Returns;

namespace Tutti.Lui.Recipients.Reasons;

/// <summary>Why an address gets a job's message, got it, or did not.</summary>
internal enum ReasonKind
{
    /// <summary>The job has no recipients yet.</summary>
    NoRecipients,

    /// <summary>The source does not have the address.</summary>
    NotThere,

    /// <summary>The row with the address was set apart.</summary>
    SetApart,

    /// <summary>It is on the suppression list now, and the job has not begun.</summary>
    WillBeSuppressed,

    /// <summary>It gets the message when the job leaves.</summary>
    WillGet,

    /// <summary>The job has begun, and nothing is decided yet.</summary>
    Waiting,

    /// <summary>A mail server took the message.</summary>
    Got,

    /// <summary>A mail server refused it.</summary>
    Refused,

    /// <summary>The message was not offered, for a reason of our own.</summary>
    NotOffered,

    /// <summary>No mail server took it in time.</summary>
    Expired,

    /// <summary>It was on the suppression list when it was its turn.</summary>
    Suppressed,

    /// <summary>People stopped and closed the job before it was its turn.</summary>
    Withdrawn,

    /// <summary>The message was on the wire, and the answer was lost.</summary>
    InDoubt,
}

/// <summary>The answer for one address and one job.</summary>
/// <param name="Kind">Which of the answers.</param>
/// <param name="Address">The address, as the source has it or as it was asked for.</param>
/// <param name="JobCode">The job.</param>
/// <param name="At">When it was decided; of a suppression, since when.</param>
/// <param name="Detail">The reply or the reason, in the words of whoever decided.</param>
/// <param name="Host">The mail server that decided; may be empty.</param>
/// <param name="Number">Number of the recipient, or of the row that was set apart; null if it is not there.</param>
/// <param name="Source">The set of the job; null if it has none.</param>
/// <param name="CameBack">What came back later.</param>
internal sealed record AddressReason(
    ReasonKind Kind,
    string Address,
    string JobCode,
    DateTimeOffset? At,
    string Detail,
    string Host,
    long? Number,
    RecipientSource? Source,
    IReadOnlyList<Returned> CameBack)
{
    /// <summary>Whether the delivery was only simulated: then nobody got anything.</summary>
    public bool Simulated { get; init; }
}
