// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Pages;

/// <summary>The addresses of all pages of LUI and HUB, as their sources name them.</summary>
internal static partial class Routes
{
    /// <summary>Such as <c>/jobs/{Code}/content</c>, HUB's with its <c>/hub</c> before.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Of("Lui", ""), .. Of("Hub", "/hub")];

    private static IEnumerable<string> Of(string component, string prefix) =>
        from file in Directory.EnumerateFiles(Path.Combine(Executable.Checkout, "src", component), "*.razor", SearchOption.AllDirectories)
        from match in Line().Matches(File.ReadAllText(file))
        select (prefix + match.Groups[1].Value).TrimEnd('/') is { Length: > 0 } path ? path : "/";

    [GeneratedRegex("""^@page "([^"]+)"\s*$""", RegexOptions.Multiline)]
    private static partial Regex Line();
}
