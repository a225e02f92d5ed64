// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tutti.Architecture.Tests;

/// <summary>What the guides for administrators have to explain, and where they lead.</summary>
public sealed partial class GuidesTests
{
    [Fact]
    [Trait("Row", "C-2.1.1")]
    public void The_words_of_the_messages_about_certificates_are_explained_in_one_place_in_order()
    {
        var guide = Tree.Text("docs/admin/certificates.md");
        var words = guide[guide.IndexOf("## Words", StringComparison.Ordinal)..guide.IndexOf("## The steps", StringComparison.Ordinal)];
        var explained = Bold().Matches(words).Select(match => match.Groups[1].Value).ToList();
        string[] order = ["Server certificate", "Authority", "Trusted root", "Chain", "Name", "Key", "Keystore"];
        Assert.Equal(order, explained.Where(order.Contains));

        // Whoever writes a new word into a message explains it.
        var messages = Tree.Files("src/Wiring/Certificates", ".cs").Concat(Tree.Files("src/Wiring/Corridor", ".cs")).Concat(Tree.Files("src/Wiring/Joining", ".cs"))
            .SelectMany(file => Text().Matches(Tree.Text(file)).Select(match => match.Value)).ToList();
        string[] terms = ["certificate", "authority", "root", "intermediate", "issuer", "chain", "private key", "keystore", "alias", "serial", "unsigned", "serverAuth", "clientAuth", "revoke"];
        Assert.All(terms, term =>
        {
            Assert.Contains(messages, message => message.Contains(term, StringComparison.OrdinalIgnoreCase));
            Assert.Contains(term, words, StringComparison.OrdinalIgnoreCase);
        });
        Assert.Contains("certificates.md#words", Tree.Text("docs/admin/secure.md"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.0.10")]
    public void The_guides_to_encryption_between_servers_and_for_browsers_lead_to_each_other_and_their_links_exist()
    {
        var secure = Tree.Text("docs/admin/secure.md");
        Assert.Contains("install.md#https-for-people", secure[..secure.IndexOf("\n## ", StringComparison.Ordinal)], StringComparison.Ordinal);
        var install = Tree.Text("docs/admin/install.md");
        Assert.Contains("(secure.md)", install[install.IndexOf("## HTTPS for people", StringComparison.Ordinal)..], StringComparison.Ordinal);

        var links = Tree.Files("docs", ".md").SelectMany(file => Link().Matches(Tree.Text(file)).Select(match => (File: file, Path: match.Groups[1].Value, Heading: match.Groups[2].Value))).ToList();
        Assert.True(links.Count > 10);
        Assert.Empty(links.Where(link => !IsThere(link.File, link.Path, link.Heading)));
    }

    [Fact]
    [Trait("Row", "C-2.1.9")]
    [Trait("Row", "C-2.1.10")]
    public void Databases_and_mail_know_nothing_of_the_corridor()
    {
        List<string> apart = [.. Tree.Files("src/Wiring/Storage", ".cs"), .. Tree.Files("src/Dst/Smtp", ".cs"), .. Tree.Files("src/Dst/Inbound", ".cs"), .. Tree.Files("src/Dst/Lanes", ".cs")];
        string[] words = ["Tutti.Wiring.Corridor", "TrustedRoots.Read", "TrustedRootsPath", "SslIni"];

        Assert.True(apart.Count > 20);
        Assert.Contains(Tree.Files("src/Wiring", ".cs"), file => words.Any(word => Tree.Text(file).Contains(word, StringComparison.Ordinal)));
        Assert.Empty(apart.Where(file => words.Any(word => Tree.Text(file).Contains(word, StringComparison.Ordinal))));
    }

    [Fact]
    [Trait("Row", "B-41")]
    public void Every_metric_is_listed_for_administrators()
    {
        var metrics = Tree.Files("src", ".cs").SelectMany(file => Metric().Matches(Tree.Text(file)).Select(match => match.Groups[1].Value)).Distinct().ToList();
        var list = Tree.Text("docs/administration.md");

        Assert.True(metrics.Count > 8);
        Assert.Empty(metrics.Where(metric => !list.Contains($"| `{metric}` |", StringComparison.Ordinal)));
        Assert.Empty(Listed().Matches(list).Select(match => match.Groups[1].Value).Except(metrics));
    }

    private static bool IsThere(string file, string path, string heading)
    {
        var target = path.Length == 0 ? file : Path.GetRelativePath(Tree.Root, Path.GetFullPath(Path.Combine(Tree.Root, Path.GetDirectoryName(file)!, path)));
        return (File.Exists(Path.Combine(Tree.Root, target)) || Directory.Exists(Path.Combine(Tree.Root, target)))
            && (heading.Length == 0 || Heading().Matches(Tree.Text(target)).Any(match => Anchor().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-') == heading));
    }

    [GeneratedRegex(@"\*\*([^*]+)\*\*")]
    private static partial Regex Bold();

    [GeneratedRegex(@"""(?:[^""\\\n]|\\.){6,}""")]
    private static partial Regex Text();

    [GeneratedRegex(@"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("[^a-z0-9 -]")]
    private static partial Regex Anchor();

    [GeneratedRegex(@"Create(?:Observable)?(?:UpDown)?(?:Counter|Gauge|Histogram)(?:<\w+>)?\(\s*""([a-z._]+)""")]
    private static partial Regex Metric();

    [GeneratedRegex(@"^\| `(tutti\.[a-z._]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Listed();
}
