// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace Tutti.Commands.Cluster;

/// <summary>The option that says which domains an authority may sign for.</summary>
internal static class AuthorityDomain
{
    private const string Any = "any";

    public static Option<string?> Create() => new("--domain")
    {
        Description = "Domains the authority may sign for, with commas between, or 'any' for no limits. Default: those of the servers that are known.",
        HelpName = "LIST",
    };

    /// <summary>As the wire has it: no limits, or the list; neither if nobody asked.</summary>
    public static (bool IsAny, string[] Domains) Of(string? value) =>
        value is null ? (false, [])
        : value.Equals(Any, StringComparison.OrdinalIgnoreCase) ? (true, [])
        : (false, value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
