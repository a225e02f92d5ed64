// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Inbound;

/// <summary>What a receiver puts up with.</summary>
internal sealed record ReceiverLimits
{
    /// <summary>Connections at a time; more are turned away with 421.</summary>
    public int Connections { get; init; } = 256;

    /// <summary>Bytes of a message; offered as SIZE.</summary>
    public int MessageSize { get; init; } = 32 * 1024 * 1024;

    /// <summary>Recipients of a message; RFC 5321 §4.5.3.1.8 asks for 100.</summary>
    public int Recipients { get; init; } = 100;

    /// <summary>Bytes of a command line with its CRLF; RFC 5321 §4.5.3.1.4 asks for 512, addresses beyond ASCII and parameters need more.</summary>
    public int CommandLine { get; init; } = 2048;

    /// <summary>Commands in a row that lead nowhere before the connection is closed.</summary>
    public int Mistakes { get; init; } = 20;

    /// <summary>Longest silence of a client; RFC 5321 §4.5.3.2.7 asks for 5 minutes.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(5);
}
