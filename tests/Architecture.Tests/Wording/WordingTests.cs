// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;

namespace Tutti.Architecture.Tests.Wording;

/// <summary>
/// Nothing is worded as in the document that the requirements come from. The document is not in the tree: <c>source-document.runs</c>
/// has the FNV-1a mark of every eight of its words in a row, without the one message that is a fact.
/// </summary>
public sealed partial class WordingTests
{
    private const int Run = 8;
    private static readonly string[] _endings = [".md", ".cs", ".razor", ".resx", ".proto", ".sql", ".ini"];

    [Fact]
    [Trait("Row", "C-0.2")]
    public void No_eight_words_in_a_row_are_those_of_the_source_document()
    {
        var known = Tree.Lines("tests/Architecture.Tests/Wording/source-document.runs").Select(line => ulong.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToHashSet();
        List<string> files = [.. Tree.Files("docs", _endings), .. Tree.Files("src", _endings), .. Tree.Files("eng", _endings), .. Tree.Files("samples", _endings), "README.md", "GLOSSARY.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];

        Assert.True(known.Count > 1000);
        Assert.True(files.Count > 300);
        Assert.Empty(files.SelectMany(file => Runs(Tree.Text(file)).Where(run => known.Contains(Mark(run))).Select(run => $"{file}: {run}")));
    }

    [Fact]
    [Trait("Row", "C-0.2")]
    public void A_sentence_that_was_planted_is_found()
    {
        const string Planted = "Once upon a time an administrator planted this very sentence.";
        var known = Runs(Planted).Select(Mark).ToHashSet();

        Assert.Equal(3, known.Count);
        Assert.Contains(Runs("<p>It begins. Once upon a time, an administrator\n    planted this very SENTENCE.</p>"), run => known.Contains(Mark(run)));
        Assert.DoesNotContain(Runs("Once upon a time an editor planted this very sentence."), run => known.Contains(Mark(run)));
    }

    private static IEnumerable<string> Runs(string text)
    {
        var words = Word().Matches(text.ToLowerInvariant()).Select(match => match.Value).ToList();
        return Enumerable.Range(0, Math.Max(0, words.Count - Run + 1)).Select(at => string.Join(' ', words.GetRange(at, Run)));
    }

    private static ulong Mark(string run) => run.Aggregate(0xcbf29ce484222325, (mark, letter) => unchecked((mark ^ letter) * 0x100000001b3));

    [GeneratedRegex("[a-z0-9]+")]
    private static partial Regex Word();
}
