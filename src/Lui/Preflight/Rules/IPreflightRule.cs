// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Preflight.Rules;

/// <summary>One thing that is looked at before a job is authorised.</summary>
internal interface IPreflightRule
{
    /// <summary>What it finds; also that all is well, or that it could not look.</summary>
    ValueTask<IReadOnlyList<PreflightFinding>> Look(PreflightSubject subject, CancellationToken cancellationToken);
}
