// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Preflight;

/// <summary>What a finding of the preflight means for authorising.</summary>
internal enum PreflightLevel
{
    /// <summary>Looked at and in order.</summary>
    Good,

    /// <summary>Could not be looked at, or is left out on purpose; nothing follows from it.</summary>
    NotChecked,

    /// <summary>Somebody has to say that it shall be so.</summary>
    Warning,

    /// <summary>The job is not authorised as long as it is so.</summary>
    Error,
}

/// <summary>A recipient whom a finding is about.</summary>
/// <param name="Id">Number in the job's set of recipients.</param>
/// <param name="Address">His or her address.</param>
internal sealed record PreflightPerson(long Id, string Address);

/// <summary>One thing that the preflight found.</summary>
/// <param name="Rule">Stable word of the rule, such as <c>links</c>.</param>
/// <param name="Level">What it means.</param>
/// <param name="Words">What was found and what to do, in the language in which it was looked at.</param>
/// <param name="Place">The step where it is mended; null if there is none.</param>
/// <param name="People">The first recipients whom it concerns; empty if it concerns all alike.</param>
internal sealed record PreflightFinding(string Rule, PreflightLevel Level, string Words, JobStep? Place = null, IReadOnlyList<PreflightPerson>? People = null)
{
    /// <summary>The first recipients whom it concerns.</summary>
    public IReadOnlyList<PreflightPerson> People { get; init; } = People ?? [];

    /// <summary>Names it for a tick: the same finding of a later look has the same key, and one that has changed has another.</summary>
    public string Key { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Rule}\n{Level}\n{Words}")).AsSpan(0, 8));
}
