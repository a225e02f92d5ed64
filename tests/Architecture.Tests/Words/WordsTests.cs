// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tutti.Architecture.Tests.Words;

public sealed partial class WordsTests
{
    private static readonly IReadOnlyList<string> _sources = Tree.Files("src", ".cs", ".razor");

    [Theory]
    [InlineData("<p>Nothing yet</p>", "Nothing yet")]
    [InlineData("<Field Label=\"Host name\" />", "Host name")]
    [InlineData("<button aria-label=\"Remove @row.Name\">@Words.Remove</button>", "Remove")]
    [InlineData("<p>@(count == 1 ? \"row\" : \"There are many rows\")</p>", "There are many rows")]
    [InlineData("@if (a is { } b)\n{\n  <p>\n    Two words\n  </p>\n}", "Two words")]
    [InlineData("@code {\n  private string Said => \"Saved.\";\n}", "Saved.")]
    [InlineData("@code {\n  private string Said => $\"{count} rows were kept\";\n}", "rows were kept")]
    public void Words_in_a_page_are_found(string page, string words) => Assert.Contains(PageText.In(page), found => found.Contains(words, StringComparison.Ordinal));

    [Theory]
    [InlineData("@page \"/jobs/{Code}\"\n@inherits StepPage\n@using Tutti.Lui.Jobs")]
    [InlineData("<p class=\"t-small t-muted\" title=\"@JobsWords.Title\">@SharedWords.Fill(JobsWords.Lead, Name ?? \"\") – @Clock.ZoneName</p>")]
    [InlineData("@if (a is { } b && c(\"x\"))\n{\n  <td>@row.Host:@row.Port</td>\n}\nelse if (d)\n{\n  return;\n}\nelse\n{\n  var e = f[1];\n}")]
    [InlineData("@* What it is for. *@\n@code {\n  // Why it is so.\n  private string Format => \"d MMM yyyy HH:mm\";\n}")]
    public void What_is_no_words_is_left_alone(string page) => Assert.Empty(PageText.In(page));

    [Fact]
    public void Pages_carry_no_words_of_their_own()
    {
        var pages = Tree.Files("src", ".razor");
        var found = pages.SelectMany(page => PageText.In(Tree.Text(page)).Select(words => $"{page}: {words}")).ToList();

        Assert.NotEmpty(pages);
        Assert.True(found.Count == 0, "Put these words into the resources of the slice:\n" + string.Join('\n', found));
    }

    [Fact]
    public void Refusals_carry_no_words_of_their_own()
    {
        IReadOnlyList<string> files = [.. Tree.Files("src/Lui", "Refusals.cs"), .. Tree.Files("src/Hub/Accounts", "Refusals.cs"), .. Tree.Files("src/Hub/Servers", "Refusals.cs"), .. Tree.Files("src/Hub/Cluster", "Refusals.cs"), .. Tree.Files("src/Hub/Moves", "Refusals.cs")];
        var found = files.SelectMany(file => PageText.InStrings(Tree.Text(file)).Where(words => words.Contains(' ', StringComparison.Ordinal)).Select(words => $"{file}: {words}")).ToList();

        Assert.NotEmpty(files);
        Assert.True(found.Count == 0, "Put these words into the resources of the slice:\n" + string.Join('\n', found));
    }

    [Fact]
    public void Every_text_of_the_resources_is_used_somewhere()
    {
        var used = _sources.SelectMany(file => Use().Matches(Tree.Text(file)).Select(match => match.Value)).ToHashSet();

        Assert.NotEmpty(WordFile.Own);
        Assert.Empty(WordFile.Own.Keys.Where(key => !used.Contains(key)));
    }

    [Fact]
    public void Every_place_of_a_text_gets_its_value()
    {
        var calls = _sources.SelectMany(file =>
            from source in new[] { Tree.Text(file) }
            from way in new[] { "Fill(", "Counted(" }
            from arguments in Calls.Of(source, way)
            from key in Use().Matches(arguments[0])
            where WordFile.Own.ContainsKey(key.Value)
            select (File: file, Way: way, Key: key.Value, Values: arguments.Count - 1)).ToList();
        var filled = calls.Select(call => call.Key).ToHashSet();

        Assert.NotEmpty(calls);
        Assert.Empty(calls.Where(call => WordFile.PlacesOf(WordFile.Own[call.Key]) > call.Values));
        Assert.Empty(calls.Where(call => WordFile.Own[call.Key].Contains('|', StringComparison.Ordinal) && call.Way == "Fill("));
        var sentences = _sources.SelectMany(file => Sentence().Matches(Tree.Text(file)).SelectMany(sentence => Use().Matches(sentence.Value)).Select(use => use.Value)).ToHashSet();
        Assert.Empty(WordFile.Own.Where(text => WordFile.PlacesOf(text.Value) > 0 && !filled.Contains(text.Key) && !sentences.Contains(text.Key)).Select(text => text.Key));
    }

    [Fact]
    public void A_translation_has_the_texts_of_the_original_with_the_same_places()
    {
        foreach (var file in WordFile.All.Where(file => file.Language.Length > 0))
        {
            var original = WordFile.All.Single(one => one.Class == file.Class && one.Language.Length == 0 && Path.GetDirectoryName(one.Path) == Path.GetDirectoryName(file.Path));

            Assert.Empty(file.Texts.Keys.Except(original.Texts.Keys).Select(key => $"{file.Path}: {key} is not in {original.Path}"));
            Assert.All(file.Texts, text => Assert.Equal(WordFile.Places(original.Texts[text.Key]), WordFile.Places(text.Value)));
        }
    }

    [GeneratedRegex(@"\b\w+Words\.\w+")]
    private static partial Regex Use();

    [GeneratedRegex("<Sentence Text=\"[^\"]*\"")]
    private static partial Regex Sentence();
}
