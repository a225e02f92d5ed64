// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Merging;

namespace Tutti.Mail.Links;

/// <summary>Numbers the links of a message while its parts are searched.</summary>
internal sealed class LinkList
{
    private readonly List<TrackedLink> _tracked = [];
    private readonly List<UntrackedLink> _untracked = [];

    public IReadOnlyList<TrackedLink> Tracked => _tracked;

    public IReadOnlyList<UntrackedLink> Untracked => _untracked;

    /// <summary>Takes a link in; the marker that stands for it, or null if it stays as it is.</summary>
    /// <param name="part">Where it stands.</param>
    /// <param name="written">As it stands in the source.</param>
    /// <param name="decoded">As it is meant.</param>
    /// <param name="label">Its words, asked for only if it is tracked.</param>
    public string? Take(ContentPart part, ReadOnlySpan<char> written, string decoded, Func<string> label)
    {
        if (LinkTarget.IsUnsubscribe(written))
        {
            return null;
        }

        if (LinkTarget.HasMergeFields(written))
        {
            _untracked.Add(new UntrackedLink(written.ToString(), part, UntrackedReason.MergeFields));
            return null;
        }

        if (!LinkTarget.TryRead(decoded, out var target, out var reason))
        {
            _untracked.Add(new UntrackedLink(decoded, part, reason));
            return null;
        }

        var number = (uint)_tracked.Count + 1;
        var words = label();
        _tracked.Add(new TrackedLink(number, target, part, words.Length == 0 ? target : words));
        return LinkMarker.Of(number);
    }
}
