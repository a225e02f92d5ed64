// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Tutti.Mail.Listserv;

/// <summary>
/// One command for LISTSERV's TCPGUI port, as it stands on the wire. One connection carries one command: first the <see cref="Opening"/>; then, once a
/// line that begins with 250 has come, the <see cref="Command"/>; then the answer, whose beginning is a <see cref="TcpguiReply"/>.
/// </summary>
public sealed class TcpguiRequest
{
    /// <summary>Longest origin in bytes. The field takes 255; clients in use stop at 249.</summary>
    public const int LongestOrigin = 249;

    private TcpguiRequest(byte[] opening, byte[] command) => (Opening, Command) = (opening, command);

    /// <summary>Protocol level, mode, the length of what follows and the origin; goes out first.</summary>
    public ReadOnlyMemory<byte> Opening { get; }

    /// <summary>The command with its password, without an end of line. Never for show.</summary>
    public ReadOnlyMemory<byte> Command { get; }

    /// <summary>Makes a request.</summary>
    /// <param name="origin">In whose name the command runs: an e-mail address, or "@" for nobody.</param>
    /// <param name="command">One line.</param>
    /// <param name="password">The personal password of the origin.</param>
    /// <param name="request">The request.</param>
    /// <param name="problem">In words, why there is none; never the password.</param>
    public static bool TryCreate(
        string origin, string command, string password, [NotNullWhen(true)] out TcpguiRequest? request, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(password);
        request = null;
        problem = ProblemOf(origin, command, password);
        if (problem is not null)
        {
            return false;
        }

        var name = Encoding.UTF8.GetBytes(origin);
        var words = Encoding.UTF8.GetBytes($"{command} PW={password}");
        var length = 1 + name.Length + words.Length;
        if (name.Length > LongestOrigin || length > ushort.MaxValue)
        {
            problem = name.Length > LongestOrigin
                ? $"The address in whose name the command runs is longer than {LongestOrigin} bytes."
                : $"The command is longer than {ushort.MaxValue - 1 - name.Length} bytes.";
            return false;
        }

        var opening = new byte[7 + name.Length];
        "1B\r\n"u8.CopyTo(opening);
        BinaryPrimitives.WriteUInt16BigEndian(opening.AsSpan(4), (ushort)length);
        opening[6] = (byte)name.Length;
        name.CopyTo(opening, 7);
        request = new TcpguiRequest(opening, words);
        return true;
    }

    private static string? ProblemOf(string origin, string command, string password)
    {
        if (origin.Length == 0 || origin.AsSpan().ContainsAny(" \r\n\0"))
        {
            return "The address in whose name the command runs is empty, or has a blank or a line break.";
        }

        if (string.IsNullOrWhiteSpace(command) || command.AsSpan().ContainsAny("\r\n\0"))
        {
            return "A command is one line; this one is empty or has a line break.";
        }

        return ListservPassword.IsSound(password) ? null : ListservPassword.Problem;
    }
}
