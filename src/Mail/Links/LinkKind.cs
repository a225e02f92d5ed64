// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Links;

/// <summary>What a tracking token stands for. The kind is signed: a token of one kind is never accepted as another.</summary>
public enum LinkKind
{
    /// <summary>The image that tells that a message was opened.</summary>
    Open = 1,

    /// <summary>A link of the message.</summary>
    Click = 2,

    /// <summary>One-click unsubscribing (RFC 8058).</summary>
    Unsubscribe = 3,
}
