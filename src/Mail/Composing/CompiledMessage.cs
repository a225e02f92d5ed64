// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using Tutti.Mail.Links;
using Tutti.Mail.Merging;

namespace Tutti.Mail.Composing;

/// <summary>A message cut into what is the same for every recipient and what is not. The same source always gives the same result.</summary>
public sealed class CompiledMessage
{
    private readonly Dictionary<ContentPart, IReadOnlyList<PartElement>> _parts;

    internal CompiledMessage(
        IReadOnlyList<Piece> pieces,
        LinkList links,
        ValuePlan plan,
        IReadOnlyList<string> fieldNames,
        Dictionary<ContentPart, IReadOnlyList<PartElement>> parts)
    {
        Pieces = pieces;
        Links = links.Tracked;
        UntrackedLinks = links.Untracked;
        Plan = plan;
        FieldNames = fieldNames;
        _parts = parts;
    }

    /// <summary>The message in order.</summary>
    public IReadOnlyList<Piece> Pieces { get; }

    /// <summary>The links that lead over the tracker, to be published before the first message leaves.</summary>
    public IReadOnlyList<TrackedLink> Links { get; }

    /// <summary>The links that are left as they are, with the reason. Empty if nothing is tracked at all.</summary>
    public IReadOnlyList<UntrackedLink> UntrackedLinks { get; }

    /// <summary>Computes the values of each recipient.</summary>
    public ValuePlan Plan { get; }

    /// <summary>All merge fields of subject and parts, each once; see <see cref="MergeFields.MissingOf"/>.</summary>
    public IReadOnlyList<string> FieldNames { get; }

    /// <summary>Images that the HTML part shows by "cid:" and that no file has.</summary>
    public IReadOnlyList<string> MissingImages { get; internal init; } = [];

    /// <summary>Can a reader leave by a link in the message itself, besides the header that mail clients read?</summary>
    public bool HasUnsubscribeLink => FieldNames.Contains(SystemFields.UnsubscribeUrl, StringComparer.OrdinalIgnoreCase);

    /// <summary>Compiles a message, or tells everything that is wrong with it.</summary>
    public static bool TryCompile(MessageSource source, [NotNullWhen(true)] out CompiledMessage? message, out IReadOnlyList<MessageProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new MessageCompiler(source).TryRun(out message, out problems);
    }

    internal IReadOnlyList<PartElement>? ElementsOf(ContentPart part) => _parts.GetValueOrDefault(part);
}
