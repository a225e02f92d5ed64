// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Teams;

namespace Tutti.Lui.Senders.Profiles;

/// <summary>A sender under a title, for the jobs of a group or of all.</summary>
/// <param name="Id">Its number; 0 before it is saved.</param>
/// <param name="Title">As people choose it.</param>
/// <param name="GroupId">Whose jobs may use it: the group's number, 0 for those without a group; null: everybody's.</param>
/// <param name="Sender">Who the recipients see.</param>
/// <param name="By">Who saved it last.</param>
/// <param name="At">When.</param>
/// <param name="Version">Grows with every change.</param>
internal sealed record SenderProfile(long Id, string Title, long? GroupId, JobSender Sender, Actor By, DateTimeOffset At, long Version)
{
    /// <summary>Longest title in characters.</summary>
    public const int MaxTitle = 100;

    /// <summary>The form in which titles are compared.</summary>
    public static string KeyOf(string title) => title.Trim().ToLowerInvariant();

    /// <summary>Whether jobs of a group's owners may use it.</summary>
    public bool IsFor(long ownersGroup) => GroupId is null || GroupId == ownersGroup;

    /// <summary>Whether somebody finds it in lists.</summary>
    public bool IsSeenBy(JobScope who) => who.PersonId is null || IsFor(who.GroupId);

    /// <summary>Whether somebody may change it: those of all only administrators, others the group too.</summary>
    public static bool MayEdit(long? group, JobScope who) => who.PersonId is null || group == who.GroupId;
}

/// <summary>A job that uses a profile and has not been handed over yet.</summary>
/// <param name="Code">The job's code.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="State">Where it stands.</param>
internal sealed record ProfileUse(string Code, string Owner, JobState State);
