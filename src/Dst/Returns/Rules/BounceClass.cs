// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Returns.Rules;

/// <summary>What kind of no an answer is. The numbers are in the database and in the contract.</summary>
internal enum BounceClass
{
    /// <summary>It is no no.</summary>
    None = 0,

    /// <summary>The address is bad and will stay so.</summary>
    Hard = 1,

    /// <summary>The mailbox cannot take it at present: full, over quota, busy for too long.</summary>
    Soft = 2,

    /// <summary>The receiver does not want this message or this sender; it says nothing about the address.</summary>
    Policy = 3,

    /// <summary>Come again.</summary>
    Transient = 4,

    /// <summary>The recipient objected to the message.</summary>
    Complaint = 5,
}
