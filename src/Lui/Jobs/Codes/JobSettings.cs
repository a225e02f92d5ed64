// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;

namespace Tutti.Lui.Jobs.Codes;

/// <summary>What an administrator decides about mail jobs.</summary>
internal sealed record JobSettings
{
    /// <summary>IANA name of the installation's time zone; empty means that of the server.</summary>
    [Description("Time zone of this installation, an IANA name such as Europe/Berlin. Job codes carry its date, and schedules start from it. Empty: the zone of the server.")]
    public string TimeZone { get; init; } = "";
}
