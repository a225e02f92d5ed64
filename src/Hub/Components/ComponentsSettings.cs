// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Hub.Components;

/// <summary>How the hub looks after the servers of the installation.</summary>
internal sealed record ComponentsSettings
{
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00"), Description("How often every server is asked how it is.")]
    public TimeSpan WatchEvery { get; init; } = TimeSpan.FromSeconds(4);
}
