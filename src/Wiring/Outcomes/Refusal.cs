// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Wiring.Outcomes;

/// <summary>What sort of "no" it is; the edges translate it to HTTP and gRPC.</summary>
public enum RefusalKind
{
    /// <summary>The input cannot be accepted as it is.</summary>
    Invalid,

    /// <summary>What was asked for does not exist, or may not be seen.</summary>
    NotFound,

    /// <summary>The state of the thing does not allow it now.</summary>
    Conflict,

    /// <summary>The asker lacks the right.</summary>
    Forbidden,

    /// <summary>A part that is needed does not answer now; trying again later makes sense.</summary>
    Unavailable,
}

/// <summary>A "no" that a person can act on.</summary>
/// <param name="Kind">The sort of refusal.</param>
/// <param name="Code">Stable and searchable, such as <c>job.not-open</c>.</param>
/// <param name="Message">What happened, where, and what to do.</param>
/// <param name="Field">The input field it belongs to, or null.</param>
public sealed record Refusal(RefusalKind Kind, string Code, string Message, string? Field = null);
