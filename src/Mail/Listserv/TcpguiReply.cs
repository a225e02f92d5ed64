// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Tutti.Mail.Listserv;

/// <summary>How an answer of the TCPGUI port begins.</summary>
/// <param name="Code">0: the command was processed, which says nothing about its success.</param>
/// <param name="Length">Bytes of text that follow.</param>
public readonly record struct TcpguiReply(uint Code, uint Length)
{
    /// <summary>Bytes of this beginning.</summary>
    public const int Size = 8;

    /// <summary>Longest line that may come before the command is sent.</summary>
    public const int LongestGreeting = 4096;

    /// <summary>Reads the beginning.</summary>
    public static TcpguiReply Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));

    /// <summary>Whether the line that comes before the command lets it come.</summary>
    public static bool LetsCome(ReadOnlySpan<byte> line) => line.StartsWith("250"u8);
}
