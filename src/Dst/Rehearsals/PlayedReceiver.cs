// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Rehearsals;

/// <summary>How one receiver of a rehearsal behaves. As it is made, it takes everything.</summary>
internal sealed record PlayedReceiver
{
    /// <summary>Wait before the greeting.</summary>
    public TimeSpan Banner { get; init; }

    /// <summary>Wait before the reply to a message: counted, not waited.</summary>
    public TimeSpan Answer { get; init; }

    /// <summary>Connections at a time; 0 for no limit.</summary>
    public int Connections { get; init; }

    /// <summary>Bytes of a message.</summary>
    public int Size { get; init; } = 64 * 1024 * 1024;

    /// <summary>Percent of the recipients that are unknown.</summary>
    public double Unknown { get; init; }

    /// <summary>Percent of the recipients that are put off at first.</summary>
    public double Greylist { get; init; }

    /// <summary>How long they are put off.</summary>
    public TimeSpan GreylistFor { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Messages between two storms; 0 for none.</summary>
    public int StormEvery { get; init; }

    /// <summary>How long a storm lasts.</summary>
    public TimeSpan StormFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Messages of which one is cut off; 0 for none.</summary>
    public int DropEvery { get; init; }
}
