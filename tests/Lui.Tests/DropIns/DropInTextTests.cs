// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Content;
using Tutti.Lui.DropIns;
using Tutti.Lui.Jobs;
using Tutti.Mail.Composing;
using Tutti.Mail.Merging;

namespace Tutti.Lui.Tests.DropIns;

public sealed class DropInTextTests
{
    private static readonly Dictionary<string, (DropIn DropIn, string Value, string? Problem)> _known = new(StringComparer.Ordinal)
    {
        ["Imprint"] = Of("Imprint", "Am Hof 12\nBonn <53113>"),
        ["Logo & co"] = Of("Logo & co", "<b>{{ not_merged }} {% if x %}</b>", isHtml: true),
        ["Foot"] = Of("Foot", "<i>[[Imprint]]</i> <a href=\"[[*UnsubscribeURL]]\">leave</a> [[* JobID ]]", isHtml: true),
        ["Loop"] = Of("Loop", "a [[Loop]]"),
        ["Off"] = Of("Off", "never", isEnabled: false),
        ["News"] = Of("News", "from [[Imprint]] elsewhere {{ name }}", kind: DropInKind.Url),
        ["Broken"] = (Of("Broken", "").DropIn, "", "it is away"),
    };

    private static readonly JobSender _sender = new("The <Society>", "news@sender.example");

    [Theory]
    [InlineData("x [[Imprint]] y", false, "x Am Hof 12\nBonn <53113> y")]
    [InlineData("x [[Imprint]] y", true, "x Am Hof 12<br>\nBonn &lt;53113&gt; y")]
    [InlineData("[[ Imprint ]][[Imprint]]", false, "Am Hof 12\nBonn <53113>Am Hof 12\nBonn <53113>")]
    [InlineData("[[Logo &amp; co]]", true, "<b>{{ not_merged }} {% if x %}</b>")]
    [InlineData("[[Foot]]", true, "<i>Am Hof 12<br>\nBonn &lt;53113&gt;</i> <a href=\"#leave\">leave</a> 261124A")]
    [InlineData("[[News]]", false, "from [[Imprint]] elsewhere {{ name }}")]
    [InlineData("{{*FromName}} {{ *FromAddress }}", true, "The &lt;Society&gt; news@sender.example")]
    [InlineData("[[*FromName]] [[*ReplyToAddress]]", false, "The <Society> news@sender.example")]
    [InlineData("[[\n *\n JobID ]]", false, "261124A")]
    [InlineData("{{ name }} [[Imprint]] {% if name %}yes{% endif %}", false, "Anna Am Hof 12\nBonn <53113> yes")]
    public void Rule_13_drop_ins_of_people_are_replaced_before_those_of_the_system(string written, bool isHtml, string seen)
    {
        var (expanded, troubles) = Expand(written, isHtml);

        Assert.Empty(troubles);
        Assert.Equal(seen, Rendered(expanded, isHtml));
    }

    [Theory]
    [InlineData("[[imprint]]", false, false, "[[imprint]]")]
    [InlineData("[[Off]]", false, false, "[[Off]]")]
    [InlineData("[[*Nothing]]", false, false, "[[*Nothing]]")]
    [InlineData("{{*Nothing}}", false, false, "{{*Nothing}}")]
    [InlineData("[[Logo & co]]", false, true, "[[Logo & co]]")]
    [InlineData("[[Loop]]", false, true, "a [[Loop]]")]
    [InlineData("[[Broken]]", false, true, "[[Broken]]")]
    public void Rule_13_what_is_not_defined_or_disabled_stays_as_it_is_and_is_told(string written, bool isHtml, bool blocks, string seen)
    {
        var (expanded, troubles) = Expand(written, isHtml);

        Assert.Equal(blocks, Assert.Single(troubles).Blocks);
        Assert.Equal(seen, Rendered(expanded, isHtml));
    }

    [Fact]
    public void Drop_ins_that_double_each_other_end_somewhere()
    {
        var many = Enumerable.Range(0, 20).ToDictionary(
            number => $"D{number}", number => Of($"D{number}", string.Concat(Enumerable.Repeat($"[[D{number + 1}]]", 1000))), StringComparer.Ordinal);
        var text = new DropInText(name => many.TryGetValue(name, out var found) ? found : null, SystemDropIns.Of(null, _sender));

        Assert.True(text.Expand("[[D3]]", isHtml: false).Length < 3_000_000);
        Assert.Contains(text.Troubles, trouble => trouble.Blocks);
    }

    private static (string Expanded, IReadOnlyList<DropInTrouble> Troubles) Expand(string written, bool isHtml)
    {
        var job = new Job { Id = 1, Code = "261124A", Title = "Spring", CreatedAt = default, Owner = new Actor("1", "Ada") };
        var text = new DropInText(name => _known.TryGetValue(name, out var found) ? found : null, SystemDropIns.Of(job, _sender));
        return (text.Expand(written, isHtml), text.Troubles);
    }

    private static string Rendered(string expanded, bool isHtml)
    {
        var source = MessageSources.Of(isHtml ? new JobContent("s", expanded, "") : new JobContent("s", "", expanded), _sender, JobTracking.Blind);
        Assert.True(CompiledMessage.TryCompile(source, out var message, out var problems), string.Join('\n', problems));
        Assert.True(message.Plan.TryCompute(new MergeRow(new MergeFields(["name"]), ["Anna"], "anna@example.net"), DateTimeOffset.UnixEpoch, out var values, out var problem), problem);
        var preview = MessagePreview.Of(message, values, "#leave");
        return isHtml ? preview.Html!.Split("<img", StringSplitOptions.None)[0] : preview.Text!;
    }

    private static (DropIn DropIn, string Value, string? Problem) Of(string name, string body, bool isHtml = false, bool isEnabled = true, DropInKind kind = DropInKind.Text) =>
        (new DropIn(1, name, "", kind, isHtml, isEnabled, "", body, new Actor("1", "Ada"), default), body, null);
}
