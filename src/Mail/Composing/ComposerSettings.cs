// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Links;

namespace Tutti.Mail.Composing;

/// <summary>What all messages of a delivery share besides their pieces.</summary>
public sealed record ComposerSettings
{
    /// <summary>Number of the mail job or test delivery; stands in every token.</summary>
    public required ulong JobId { get; init; }

    /// <summary>Key that signs the tokens.</summary>
    public required LinkKey Key { get; init; }

    /// <summary>Public address of the tracker, http or https; a slash at the end is ignored.</summary>
    public required string TrackingUrl { get; init; }

    /// <summary>What the tokens of opens and clicks carry, whatever is handed over.</summary>
    public required TrackingType Tracking { get; init; }

    /// <summary>Right-hand side of Message-IDs, normally the sender's domain.</summary>
    public required string MessageIdDomain { get; init; }

    /// <summary>Domain whose mail comes to the distributor: List-Unsubscribe names a signed address there too (RFC 2369). Empty: it names the URL alone.</summary>
    public string ReturnDomain { get; init; } = "";
}
