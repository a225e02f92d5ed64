// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace Tutti.Architecture.Tests;

/// <summary>The source tree, as the tests of its rules see it.</summary>
internal static class Tree
{
    private static readonly string[] _generated = ["artifacts", "obj", "bin", ".git"];

    public static string Root { get; } = FindRoot();

    /// <summary>Files below a folder of the tree, by ending, as paths relative to the root with slashes.</summary>
    public static IReadOnlyList<string> Files(string folder, params string[] endings) =>
    [
        .. (Directory.Exists(Path.Combine(Root, folder)) ? Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories) : [])
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)))
            .Where(path => !path.Split('/').Any(_generated.Contains))
            .Order(StringComparer.Ordinal),
    ];

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "Tutti.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests must run in a checkout.");
        }

        return folder;
    }
}
