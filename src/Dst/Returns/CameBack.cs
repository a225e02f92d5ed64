// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Returns;

/// <summary>What came back for a message that had left. The numbers are in the database and in the contract.</summary>
internal enum CameBack
{
    /// <summary>Nothing.</summary>
    Nothing = 0,

    /// <summary>A mail server could not deliver it after all.</summary>
    Bounced = 1,

    /// <summary>The recipient called it spam, and the mailbox provider told us.</summary>
    Complained = 2,

    /// <summary>The recipient asked by mail for no more.</summary>
    Unsubscribed = 3,
}
