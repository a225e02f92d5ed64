// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Links;

namespace Tutti.Mail.Composing;

/// <summary>A recipient as the composer needs him.</summary>
/// <param name="Id">Unique in the delivery; makes the Message-ID.</param>
/// <param name="Address">Address as it goes into the To header.</param>
/// <param name="DisplayName">Name, or nothing.</param>
/// <param name="Token">Opaque token for tracking, if there is one. The unsubscribe URL always carries it, opens and clicks only in personal tracking.</param>
/// <param name="Values">Values of the slots in the order of their indexes.</param>
public sealed record MessageRecipient(ulong Id, string Address, string DisplayName, ulong? Token, IReadOnlyList<string> Values)
{
    /// <summary>Whether opens and clicks of permission-based tracking may carry the token.</summary>
    public bool Permits { get; init; }

    /// <summary>What opens and clicks carry instead, where the tracking type has such a number.</summary>
    public ulong? Trace { get; init; }

    internal Bearer Bearer => new(Token, Permits, Trace);
}
