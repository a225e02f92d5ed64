// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Tokens;

/// <summary>What a token opens. The words are kept and told, so their names stay.</summary>
public enum TokenScope
{
    /// <summary>Everything, also what later versions can do.</summary>
    All,

    /// <summary>Looking: every GET.</summary>
    Read,

    /// <summary>Making and preparing mail jobs: everything up to their authorisation, except recipients.</summary>
    Jobs,

    /// <summary>Bringing recipients into jobs.</summary>
    Recipients,

    /// <summary>Everything by which mail leaves or is kept from leaving: tests, authorisation, stop, retry, doubts.</summary>
    Send,

    /// <summary>Messages to single recipients through a job that is authorised.</summary>
    Messages,

    /// <summary>Changing the suppression list.</summary>
    Suppression,

    /// <summary>Changing webhooks and their secrets.</summary>
    Webhooks,
}
