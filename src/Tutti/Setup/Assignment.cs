// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Setup;

/// <summary>One <c>--set component.Key=Value</c>: an entry for a component's ini file.</summary>
/// <param name="Owner">lui, hub, trk, dst, or server for conf/server.ini.</param>
/// <param name="Key">The key as it stands in the file.</param>
/// <param name="Value">The value without escapes.</param>
internal sealed record Assignment(string Owner, string Key, string Value)
{
    /// <summary>The word for conf/server.ini in front of the dot.</summary>
    public const string Server = "server";

    /// <summary>Reads what stands behind <c>--set</c>.</summary>
    /// <exception cref="Complaint">It has not the form <c>component.Key=Value</c>, or the component does not exist.</exception>
    public static Assignment Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1 || equals < dot + 2)
        {
            throw new Complaint(ExitCode.Usage, $"--set {text}: write it as component.Key=Value, for example dst.Mode=capture.");
        }

        var owner = text[..dot];
        if (owner != Server && !HomeFolder.ComponentNames.Contains(owner))
        {
            throw new Complaint(ExitCode.Usage, $"--set {text}: there is no component '{owner}'. There are {string.Join(", ", HomeFolder.ComponentNames)}, and server for conf/server.ini.");
        }

        return new Assignment(owner, text[(dot + 1)..equals], text[(equals + 1)..]);
    }
}
