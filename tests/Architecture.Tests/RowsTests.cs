// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tutti.Architecture.Tests;

/// <summary>The statements of the requirements for several servers (C: from the source document, B: beyond it): each is named by a test, <c>[Trait("Row", "C-2.0.1")]</c>.</summary>
public sealed partial class RowsTests
{
    private const string Rows = """
        B-1 B-2 B-3 B-4 B-5 B-6 B-7 B-8 B-9 B-10 B-11 B-12 B-13 B-14 B-15 B-16 B-17 B-18 B-19 B-20 B-21 B-22 B-23 B-24 B-25 B-26 B-27
        B-28 B-29 B-30 B-31 B-32 B-33 B-34 B-35 B-36 B-37 B-38 B-39 B-40 B-41 C-0.1 C-0.2 C-1.0.1 C-1.0.2 C-1.0.3 C-1.0.4 C-1.0.5 C-1.0.6
        C-1.0.7 C-1.0.8 C-1.0.9 C-1.0.10 C-1.0.11 C-1.0.12 C-1.0.13 C-1.0.14 C-1.0.15 C-1.0.16 C-1.1.1 C-1.1.2 C-1.1.3 C-1.1.4 C-1.1.5
        C-1.1.6 C-1.1.7 C-1.2.1 C-1.2.2 C-1.2.3 C-1.2.4 C-2.0.1 C-2.0.2 C-2.0.3 C-2.0.4 C-2.0.5 C-2.0.6 C-2.0.7 C-2.0.8 C-2.0.9 C-2.0.10
        C-2.1.1 C-2.1.2 C-2.1.3 C-2.1.4 C-2.1.5 C-2.1.6 C-2.1.7 C-2.1.8 C-2.1.9 C-2.1.10 C-2.2.0.1 C-2.2.0.2 C-2.2.0.3 C-2.2.0.4
        C-2.2.0.5 C-2.2.0.6 C-2.2.0.7 C-2.2.0.8 C-2.2.0.9 C-2.2.0.10 C-2.2.0.11 C-2.2.0.12 C-2.2.0.13 C-2.2.0.14 C-2.2.0.15 C-2.2.0.16
        C-2.2.0.17 C-2.2.0.18 C-2.2.0.19 C-2.2.0.20 C-2.2.0.21 C-2.2.0.22 C-2.2.0.23 C-2.2.0.24 C-2.2.0.25 C-2.2.0.26 C-2.2.0.27
        C-2.2.0.28 C-2.2.1.1 C-2.2.1.2 C-2.2.1.3 C-2.2.1.4 C-2.2.2.1 C-2.2.3.1 C-2.2.3.2 C-2.2.4.1 C-2.2.4.2 C-2.3.1 C-2.3.2 C-2.3.3
        C-2.3.4 C-2.3.5 C-2.3.6 C-2.3.7 C-2.3.8 C-2.3.9 C-2.3.10 C-2.3.11 C-2.3.12 C-2.3.13 C-2.3.14 C-2.3.15 C-2.3.16 C-2.3.17 C-2.3.18
        C-2.3.19 C-2.3.20 C-2.3.21 C-2.3.22 C-2.3.23 C-2.4.1 C-2.4.2 C-2.4.3 C-2.4.4 C-2.4.5
        """;

    // Behaviour that is not there yet, each with what is missing.
    private static readonly Dictionary<string, string> _unnamed = new(StringComparer.Ordinal)
    {
    };

    [Fact]
    public void Every_row_is_named_by_a_test()
    {
        var rows = Rows.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var named = Tree.Files("tests", ".cs").SelectMany(file => Row().Matches(Tree.Text(file))).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(155, rows.Distinct().Count());
        Assert.True(named.Count > 100);
        Assert.Empty(rows.Where(row => !named.Contains(row) && !_unnamed.ContainsKey(row)));
        Assert.Empty(_unnamed.Keys.Where(named.Contains));
        Assert.Empty(named.Where(row => Known().IsMatch(row) && !rows.Contains(row)));
    }

    [GeneratedRegex(@"Trait\(""Row"", ""([A-Z][-.0-9]*)""\)")]
    private static partial Regex Row();

    [GeneratedRegex("^[BC]-")]
    private static partial Regex Known();
}
