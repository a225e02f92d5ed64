// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;

namespace Tutti.Architecture.Tests;

/// <summary>What people rely on when they work with mail jobs has a number here, and at least one test whose name begins with it: Rule_4_…</summary>
public sealed partial class RulesTests
{
    private static readonly Dictionary<int, string> _rules = new()
    {
        [1] = "Jobs of a day end in A, B … Z, AA, and may have a prefix: DOE-261124A.",
        [2] = "Nobody authorises before every step is done; editing makes the test count no more, as the job's rule says, and an authorised job is not edited.",
        [3] = "Revoked, a waiting job is open again; stopped, a job on its way has failed; a failed one is opened again, retried or closed.",
        [4] = "A hand-over that fails leaves the job failed, and those who watch it are told.",
        [11] = "Formulas divide whole numbers without a rest, join text and numbers, and choose one of two values.",
        [12] = "Of a conditional block one branch is inserted; comments never leave.",
        [13] = "Drop-ins of people are replaced before those of the system; what is not defined or is disabled stays and is told.",
        [20] = "The token of a trigger works without signing in and for exactly one job; a wrong one does nothing.",
    };

    [Fact]
    public void Every_rule_of_use_is_shown_by_a_test_that_is_named_after_it()
    {
        var shown = Tree.Files("tests", ".cs").SelectMany(file => Named().Matches(Tree.Text(file))).Select(name => int.Parse(name.Groups[1].Value, CultureInfo.InvariantCulture)).ToHashSet();
        Assert.Equal([], _rules.Where(rule => !shown.Contains(rule.Key)).Select(rule => $"{rule.Key}: {rule.Value}"));
    }

    [GeneratedRegex(@"^    public (?:async Task|void) Rule_(\d+)_", RegexOptions.Multiline)]
    private static partial Regex Named();
}
