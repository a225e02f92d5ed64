// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Mail.Links;

namespace Tutti.Trk.Publications;

/// <summary>A job that the tracker knows: its key, how far it may be tracked, and where its links lead.</summary>
/// <remarks>Targets lie end to end in one array: a tracker holds those of thousands of jobs for years.</remarks>
internal sealed class PublishedJob
{
    private readonly uint[] _numbers;
    private readonly int[] _ends;
    private readonly byte[] _targets;

    /// <summary>Makes a job of its parts.</summary>
    /// <param name="secrets">The key; the object is shared between jobs.</param>
    /// <param name="tracking">How far events lead back to recipients.</param>
    /// <param name="senderName">Who sends, in words; may be empty.</param>
    /// <param name="links">Number and target in ASCII, in the order of their numbers.</param>
    public PublishedJob(PublishedKey secrets, TrackingType tracking, string senderName, IReadOnlyList<PublishedLink> links)
    {
        Key = secrets;
        Tracking = tracking;
        SenderName = senderName;
        _numbers = new uint[links.Count];
        _ends = new int[links.Count];
        _targets = new byte[links.Sum(link => link.Target.Length)];
        var end = 0;
        for (var i = 0; i < links.Count; i++)
        {
            _numbers[i] = links[i].Number;
            end += Encoding.ASCII.GetBytes(links[i].Target, _targets.AsSpan(end));
            _ends[i] = end;
        }
    }

    public PublishedKey Key { get; }

    public TrackingType Tracking { get; }

    public string SenderName { get; }

    /// <summary>Where a link leads; null if the job has no such link.</summary>
    public string? TargetOf(uint link)
    {
        var i = Array.BinarySearch(_numbers, link);
        if (i < 0)
        {
            return null;
        }

        var start = i == 0 ? 0 : _ends[i - 1];
        return Encoding.ASCII.GetString(_targets.AsSpan(start.._ends[i]));
    }
}

/// <summary>A key of the installation.</summary>
internal sealed record PublishedKey(int Id, byte[] Secret);

/// <summary>A link and where it leads.</summary>
internal sealed record PublishedLink(uint Number, string Target);
