// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Lui.Jobs.Codes;

/// <summary>What an administrator decides about mail jobs.</summary>
internal sealed record JobSettings
{
    /// <summary>IANA name of the installation's time zone; empty means that of the server.</summary>
    [Description("Time zone of this installation, an IANA name such as Europe/Berlin. Job codes carry its date, and schedules start from it. Empty: the zone of the server.")]
    public string TimeZone { get; init; } = "";

    /// <summary>A job that could not leave when it was due is still sent within this time; later, people decide. Default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00"), Description("How late a job may leave when this server was off at its time. One that is later is not sent: it goes to missed, and people decide.")]
    public TimeSpan MissedAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether every job needs two people.</summary>
    [Description("Whether every mail job needs two people: whoever edited it last may not authorise it. With no, a job can still ask for it by itself.")]
    public bool FourEyes { get; init; }

    /// <summary>Whether a change of a sender profile counts for jobs that were authorised before.</summary>
    [Description("Whether a change of a sender profile counts for mail jobs that were authorised before and have not left yet. With no, such a job does not leave until somebody authorises it again; a group can have the other rule (page Groups of the hub).")]
    public bool LateSenderChanges { get; init; }
}
