// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Returns;

/// <summary>What came back for a message that had left. The numbers are those of the contract and of the database.</summary>
internal enum CameBack
{
    /// <summary>A mail server could not deliver it after all.</summary>
    Bounced = 1,

    /// <summary>The recipient called it spam.</summary>
    Complained = 2,

    /// <summary>The recipient asked by mail for no more.</summary>
    Unsubscribed = 3,
}

/// <summary>What kind of no a bounce or a refusal is. The numbers are those of the contract and of the database.</summary>
internal enum BounceClass
{
    /// <summary>It is none, or nobody said.</summary>
    None = 0,

    /// <summary>The address is bad.</summary>
    Hard = 1,

    /// <summary>The mailbox cannot take it at present.</summary>
    Soft = 2,

    /// <summary>The message or its sender was not wanted.</summary>
    Policy = 3,

    /// <summary>It might have been taken later.</summary>
    Transient = 4,

    /// <summary>The recipient objected to the message.</summary>
    Complaint = 5,
}

/// <summary>Something that a distributor says came back.</summary>
/// <param name="JobId">The delivery.</param>
/// <param name="RecipientId">Unique in the delivery.</param>
/// <param name="What">What happened.</param>
/// <param name="Class">The class of a bounce.</param>
/// <param name="Reply">The words of the server, or of the report.</param>
/// <param name="Host">Who said them; may be empty.</param>
/// <param name="At">When it came, Unix time in milliseconds, the distributor's clock.</param>
internal sealed record Returned(long JobId, long RecipientId, CameBack What, BounceClass Class, string Reply, string Host, long At);

/// <summary>How many messages of a job came back.</summary>
/// <param name="Hard">Bounced because the address is bad.</param>
/// <param name="Soft">Bounced because the mailbox could not take it at present.</param>
/// <param name="Policy">Bounced because the receiver did not want it.</param>
/// <param name="Complained">Called spam by their recipients.</param>
/// <param name="Unsubscribed">Recipients that asked by mail for no more.</param>
internal sealed record ReturnCounts(long Hard, long Soft, long Policy, long Complained, long Unsubscribed)
{
    /// <summary>All that bounced.</summary>
    public long Bounced => Hard + Soft + Policy;
}
