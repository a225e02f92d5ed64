// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Teams;

/// <summary>Somebody with an account, as HUB told it last.</summary>
/// <param name="Id">The account's number at HUB, as an actor has it.</param>
/// <param name="Name">What they sign in with.</param>
/// <param name="DisplayName">As people read it.</param>
/// <param name="Mail">Where notices go to; empty for nowhere.</param>
/// <param name="TimeZone">The zone of their times; empty for that of their browser.</param>
/// <param name="Administrator">May do everything.</param>
/// <param name="Disabled">May not sign in.</param>
/// <param name="GroupId">The group; 0 for none.</param>
internal sealed record Person(string Id, string Name, string DisplayName, string Mail, string TimeZone, bool Administrator, bool Disabled, long GroupId);

/// <summary>People who work together.</summary>
/// <param name="Id">Its number at HUB.</param>
/// <param name="Name">As people read it.</param>
/// <param name="FourEyes">Whoever edited a job last may not authorise it.</param>
/// <param name="Others">What members may do in each other's jobs until the owner says otherwise.</param>
internal sealed record PersonGroup(long Id, string Name, bool FourEyes, StepRight Others)
{
    /// <summary>Whether changes of a sender profile count for jobs that were authorised before.</summary>
    public bool LateSenders { get; init; }

    /// <summary>Whether deliveries of its members' jobs are only simulated.</summary>
    public bool Evaluation { get; init; }
}
