// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Lui.Delivery;

/// <summary>How LUI works with the other components.</summary>
internal sealed record DeliverySettings
{
    /// <summary>Address under which people and recipients reach LUI; empty: this server's host name and web port.</summary>
    [Description("Address under which people and recipients reach this User Interface, such as https://mail.example.com. Empty: http, this server's host name and web port.")]
    public Uri? PublicUrl { get; init; }

    /// <summary>How often events are fetched from a tracker or distributor that has nothing new. Default 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00"), Description("How often the trackers and distributors are asked for new events.")]
    public TimeSpan FetchEvery { get; init; } = TimeSpan.FromSeconds(2);

    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00"), Description("How often HUB is asked for the components of the installation and the link keys.")]
    public TimeSpan HubEvery { get; init; } = TimeSpan.FromSeconds(10);
}
