// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Hub.Cluster;

/// <summary>What the installation's own authority gives, and how long the hub waits for its servers.</summary>
internal sealed record ClusterSettings
{
    [Range(typeof(TimeSpan), "00:00:10", "825.00:00:00"), Description("How long a certificate of the installation's own authority is good. It is renewed at two thirds of that.")]
    public TimeSpan CertificateLife { get; init; } = TimeSpan.FromDays(90);

    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00"), Description("How often the hub looks whether a certificate is to be renewed, or a server has not heard of the list or of revocations.")]
    public TimeSpan CertificateCheckEvery { get; init; } = TimeSpan.FromMinutes(1);

    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00"), Description("How long the old root is still trusted after tutti cluster rotate has given every server a certificate of the new one; connections that were open before end by themselves within a minute.")]
    public TimeSpan OldRootFor { get; init; } = TimeSpan.FromMinutes(10);

    [Range(typeof(TimeSpan), "00:00:01", "00:10:00"), Description("How long tutti cluster switch waits for a server to come back as wanted before it names it.")]
    public TimeSpan SwitchWithin { get; init; } = TimeSpan.FromMinutes(1);
}
