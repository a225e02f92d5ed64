// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Lui.Viewing;

/// <summary>What an administrator decides about messages in the browser.</summary>
internal sealed record ViewSettings
{
    /// <summary>Days from the start of a delivery in which its messages can be seen in the browser, from 0 to 3,650. Default 365.</summary>
    [Range(0, 3650), Description("For how many days from the start of a delivery its recipients can see their message in the browser. 0: never.")]
    public int ViewInBrowserDays { get; init; } = 365;
}
