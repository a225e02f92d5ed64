// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Queue;

/// <summary>What shall happen to the recipients of a delivery that wait. The numbers are in the database.</summary>
internal enum Course
{
    /// <summary>Deliver them. What holds until somebody says something else.</summary>
    Run = 1,

    /// <summary>Keep them.</summary>
    Hold = 2,

    /// <summary>Never deliver them, nor those that are still to come.</summary>
    Withdraw = 3,
}
