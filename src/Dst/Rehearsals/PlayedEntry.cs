// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Dst.Rehearsals;

/// <summary>What <c>rehearsal.ini</c> says about one receiver. What is not said there is as for <c>default</c>.</summary>
internal sealed record PlayedEntry
{
    [Description("Domains of addresses whose mail this operator takes, with commas between; used where the distributor does not ask the DNS.")]
    public string[]? Domains { get; init; }

    [Description("Names of the hosts that are played for those domains, with commas between.")]
    public string[]? Hosts { get; init; }

    [Range(typeof(TimeSpan), "00:00:00", "00:01:00"), Description("Wait before the greeting of each connection.")]
    public TimeSpan? Banner { get; init; }

    [Range(typeof(TimeSpan), "00:00:00", "00:10:00"), Description("Wait before the reply to each message; counted, not waited.")]
    public TimeSpan? Answer { get; init; }

    [Range(0, 1000), Description("Connections at the same time; more are turned away. 0 = no limit.")]
    public int? Connections { get; init; }

    [Range(1024, 1024 * 1024 * 1024), Description("Bytes of the largest message.")]
    public int? Size { get; init; }

    [Range(0.0, 100.0), Description("Percent of the recipients that are refused as unknown.")]
    public double? Unknown { get; init; }

    [Range(0.0, 100.0), Description("Percent of the recipients that are put off until GreylistFor has passed.")]
    public double? Greylist { get; init; }

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00"), Description("How long they are put off.")]
    public TimeSpan? GreylistFor { get; init; }

    [Range(0, 10_000_000), Description("Messages after which everything is put off for StormFor; 0 = never.")]
    public int? StormEvery { get; init; }

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00"), Description("How long that lasts.")]
    public TimeSpan? StormFor { get; init; }

    [Range(0, 10_000_000), Description("Messages of which one is cut off in the middle; 0 = none.")]
    public int? DropEvery { get; init; }

    /// <summary>The receiver, with what is not said here taken from another one.</summary>
    public PlayedReceiver Over(PlayedReceiver otherwise) => new()
    {
        Banner = Banner ?? otherwise.Banner,
        Answer = Answer ?? otherwise.Answer,
        Connections = Connections ?? otherwise.Connections,
        Size = Size ?? otherwise.Size,
        Unknown = Unknown ?? otherwise.Unknown,
        Greylist = Greylist ?? otherwise.Greylist,
        GreylistFor = GreylistFor ?? otherwise.GreylistFor,
        StormEvery = StormEvery ?? otherwise.StormEvery,
        StormFor = StormFor ?? otherwise.StormFor,
        DropEvery = DropEvery ?? otherwise.DropEvery,
    };
}
