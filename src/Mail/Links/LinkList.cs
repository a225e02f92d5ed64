// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Links.Parameters;
using Tutti.Mail.Merging;

namespace Tutti.Mail.Links;

/// <summary>Numbers the links of a message while its parts are searched, and does with each what was decided.</summary>
/// <param name="plan">What was decided.</param>
/// <param name="tracks">Whether any link leads over the tracker.</param>
internal sealed class LinkList(LinkPlan plan, bool tracks)
{
    private readonly List<TrackedLink> _tracked = [];
    private readonly List<UntrackedLink> _untracked = [];
    private readonly Dictionary<(ContentPart Part, string Target), int> _seen = [];
    private readonly LinkParameters _parameters = new(plan);

    public IReadOnlyList<TrackedLink> Tracked => _tracked;

    public IReadOnlyList<UntrackedLink> Untracked => _untracked;

    /// <summary>Takes a link in; what stands in its place, a marker or the link with its parameters, or null if it stays as it is.</summary>
    /// <param name="part">Where it stands.</param>
    /// <param name="written">As it stands in the source.</param>
    /// <param name="decoded">As it is meant.</param>
    /// <param name="label">Its words.</param>
    public string? Take(ContentPart part, ReadOnlySpan<char> written, string decoded, Func<string> label)
    {
        if (LinkTarget.IsUnsubscribe(written))
        {
            return null;
        }

        var hasFields = LinkTarget.HasMergeFields(written);
        var reason = UntrackedReason.MergeFields;
        var target = decoded.Trim();
        if (!hasFields && !LinkTarget.TryRead(decoded, out target, out reason))
        {
            Leave(decoded, part, reason, 1, "");
            return null;
        }

        var occurrence = _seen[(part, target)] = _seen.GetValueOrDefault((part, target)) + 1;
        var choice = plan.Choices.FirstOrDefault(one => one.Part == part && one.Target == target && one.Occurrence == occurrence);
        var words = choice is { Label.Length: > 0 } ? choice.Label : label();
        words = words.Length == 0 ? target : words;
        var alias = choice?.Alias ?? "";
        var parameters = QueryText.HostOf(target) is { } host && plan.Parameters.Count > 0 ? _parameters.For(host, alias, words, part) : [];
        if (tracks && !hasFields && choice?.IsTracked != false)
        {
            var number = (uint)_tracked.Count + 1;
            _tracked.Add(new TrackedLink(number, TargetWith(target, parameters), part, words) { Alias = alias, Written = target, Occurrence = occurrence });
            return LinkMarker.Of(number);
        }

        Leave(hasFields ? written.ToString() : target, part, hasFields ? UntrackedReason.MergeFields : UntrackedReason.Choice, occurrence, alias, words);
        var text = written.ToString();
        var longer = part == ContentPart.Html || hasFields ? QueryText.With(text, parameters, isHtml: part == ContentPart.Html) : TargetWith(text, parameters);
        return longer == text || longer.Length > LinkTarget.MaxLength ? null : longer;
    }

    /// <summary>A target with its parameters; as it is if they would lead elsewhere, or make it too long.</summary>
    private static string TargetWith(string target, IReadOnlyList<(string Name, string Value)> parameters)
    {
        var longer = QueryText.With(target, parameters, isHtml: false);
        return longer.Length <= LinkTarget.MaxLength
            && Uri.TryCreate(target, UriKind.Absolute, out var before)
            && Uri.TryCreate(longer, UriKind.Absolute, out var after)
            && before.GetLeftPart(UriPartial.Path) == after.GetLeftPart(UriPartial.Path)
            && before.Fragment == after.Fragment
                ? longer
                : target;
    }

    private void Leave(string target, ContentPart part, UntrackedReason reason, int occurrence, string alias, string label = "")
    {
        if (tracks)
        {
            _untracked.Add(new UntrackedLink(target, part, reason) { Occurrence = occurrence, Alias = alias, Label = label });
        }
    }
}
