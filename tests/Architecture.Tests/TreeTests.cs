// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Tutti.Architecture.Tests;

public sealed partial class TreeTests
{
    private static readonly IReadOnlyList<string> _production = Tree.Files("src", ".cs", ".razor");
    private static readonly IReadOnlyList<string> _all = [.. _production, .. Tree.Files("tests", ".cs"), .. Tree.Files("bench", ".cs")];

    [Fact]
    public void No_file_is_longer_than_400_lines()
    {
        Assert.NotEmpty(_production);
        Assert.Empty(_production.Where(file => Tree.Lines(file).Length > 400));
    }

    [Fact]
    public void No_folder_is_crowded()
    {
        var crowded = _production.GroupBy(file => Path.GetDirectoryName(file)).Where(folder => folder.Count() > 20).Select(folder => $"{folder.Key}: {folder.Count()}");

        Assert.Empty(crowded);
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        // Put together here, so that this file does not find itself.
        string[] words = ["TO" + "DO", "FIX" + "ME", "HA" + "CK:", "NotImplemented" + "Exception"];

        Assert.Empty(_all.Where(file => words.Any(word => Tree.Text(file).Contains(word, StringComparison.Ordinal))));
    }

    [Fact]
    public void No_test_is_skipped() => Assert.Empty(Tree.Files("tests", ".cs").Where(file => SkippedTest().IsMatch(Tree.Text(file))));

    [Fact]
    public void No_type_is_named_after_nothing()
    {
        var files = _production.Where(file => EmptyName().IsMatch(Path.GetFileNameWithoutExtension(file)));

        Assert.Empty(files);
    }

    [Fact]
    public void Every_package_has_its_reason_in_the_list_of_dependencies()
    {
        var reasons = Tree.Text("docs/dependencies.md");
        var packages = PackageVersion().Matches(Tree.Text("Directory.Packages.props")).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(packages);
        Assert.Empty(packages.Where(package => !reasons.Contains(package, StringComparison.Ordinal) && !FamilyIsListed(package, reasons)));
    }

    [Fact]
    public void The_bundle_of_the_editors_is_made_from_its_source_and_names_the_licences_of_what_is_in_it()
    {
        var source = Tree.Text("eng/editor/editor.mjs") + Tree.Text("eng/editor/package-lock.json");
        var (bundle, licences) = (Tree.Text("src/Frame/wwwroot/editor.js"), Tree.Text("src/Frame/wwwroot/editor.licences.txt"));
        var packages = EditorPackage().Matches(Tree.Text("eng/editor/package.json")).Select(match => match.Groups[1].Value).Where(package => package != "esbuild").ToList();

        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source))), bundle[..300], StringComparison.Ordinal);
        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.Contains($"\n{package} ", licences, StringComparison.Ordinal));
    }

    private static bool FamilyIsListed(string package, string reasons) =>
        package.Split('.') is [var family, .. var rest] && reasons.Contains($"| {family} (", StringComparison.Ordinal) && reasons.Contains(string.Join('.', rest), StringComparison.Ordinal)
        || package.StartsWith("xunit.v3.", StringComparison.Ordinal);

    [GeneratedRegex("\"([@a-z/-]+)\": \"[0-9]+\\.[0-9.]+\"")]
    private static partial Regex EditorPackage();

    [GeneratedRegex(@"\bSkip(Unless|When)?\s*=")]
    private static partial Regex SkippedTest();

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Common|Base|Impl|Info|Data|Processor)$")]
    private static partial Regex EmptyName();

    [GeneratedRegex("PackageVersion Include=\"([^\"]+)\"")]
    private static partial Regex PackageVersion();
}
