// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Dst.Returns;

/// <summary>Where bounces come back to, and what is done with them.</summary>
internal sealed record ReturnSettings
{
    [RegularExpression(@"^([A-Za-z0-9]([A-Za-z0-9\-]{0,61}[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9\-]{0,61}[A-Za-z0-9])?)+$")]
    [Description("Domain whose mail comes to this distributor, such as bounces.example.com. Every message gets an envelope sender of its own there, and the distributor takes bounces on SmtpPort of server.ini. Empty: the envelope sender is the sender's address and nothing listens.")]
    public string ReturnDomain { get; init; } = "";

    [Description("Local parts of the return domain that take mail without a signed address, separated by commas: where mailbox providers send complaints (feedback loops). Only what holds one of our signed addresses is believed.")]
    public string[] ReturnMailboxes { get; init; } = ["fbl"];

    [Range(64 * 1024, 64 * 1024 * 1024), Description("Bytes of the largest message that the return domain takes.")]
    public int ReturnMessageSize { get; init; } = 4 * 1024 * 1024;

    [Range(1, 10_000), Description("Connections at a time that the return domain takes.")]
    public int ReturnConnections { get; init; } = 100;

    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00"), Description("How long a message of the return domain is kept once it was read.")]
    public TimeSpan ReturnKeep { get; init; } = TimeSpan.FromDays(7);
}
