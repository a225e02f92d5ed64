// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Commands.Jobs;

/// <summary>What recipients did with a job's message.</summary>
/// <param name="Opened">Distinct recipients who opened it.</param>
/// <param name="Clicked">Distinct recipients who followed a link.</param>
internal sealed record JobReactions(long Opened, long Clicked);
