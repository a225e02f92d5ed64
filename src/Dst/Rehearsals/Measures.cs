// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.Dst.Inbound;
using Tutti.Mail.Inspection;

namespace Tutti.Dst.Rehearsals;

/// <summary>What the played receivers saw of all messages: counts only, and a few odd ones. Its size does not depend on the number of messages.</summary>
internal sealed class Measures
{
    /// <summary>Width of a step of the sizes, bytes.</summary>
    public const int Step = 64;

    /// <summary>Messages of each kind of oddity that are kept.</summary>
    public const int MostExamples = 3;

    private const int MostKept = 256 * 1024;
    private readonly Lock _gate = new();
    private readonly List<OddMail> _new = [];
    private MeasureCounts _counts;
    private long _activity;
    private long _saved = -1;

    /// <summary>Begins with what was counted before.</summary>
    public Measures(MeasureCounts counts) => _counts = counts;

    /// <summary>Grows with everything that a played receiver hears.</summary>
    public long Activity => Volatile.Read(ref _activity);

    /// <summary>What was counted, as it is kept.</summary>
    public MeasureCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return _counts.Copy();
            }
        }
    }

    /// <summary>A receiver heard something.</summary>
    public void Saw() => Interlocked.Increment(ref _activity);

    /// <summary>Measures a message that a receiver takes.</summary>
    public void Add(ReceivedMail mail)
    {
        Saw();
        var inspection = MessageInspection.Of(mail.Message);
        lock (_gate)
        {
            _counts.Add(mail.Message.Length, inspection.HtmlSize);
            foreach (var oddity in Enum.GetValues<MessageOddities>())
            {
                if (oddity != MessageOddities.None && inspection.Oddities.HasFlag(oddity))
                {
                    var kind = KindOf(oddity);
                    if (_counts.AddOdd(kind) <= MostExamples)
                    {
                        _new.Add(new OddMail(kind, mail.Recipients[0], mail.Message[..Math.Min(mail.Message.Length, MostKept)].ToArray()));
                    }
                }
            }
        }
    }

    /// <summary>What is new since the last call, to be written; null if nothing is.</summary>
    public (string Counts, IReadOnlyList<OddMail> Odd)? TakeNew()
    {
        lock (_gate)
        {
            if (_counts.Messages == _saved)
            {
                return null;
            }

            _saved = _counts.Messages;
            OddMail[] odd = [.. _new];
            _new.Clear();
            return (JsonSerializer.Serialize(_counts), odd);
        }
    }

    private static string KindOf(MessageOddities oddity) => oddity switch
    {
        MessageOddities.EmptySubject => "empty-subject",
        MessageOddities.EmptyText => "empty-text",
        MessageOddities.NoPlainText => "no-plain-text",
        MessageOddities.TemplateRemains => "template-remains",
        MessageOddities.MissingLink => "missing-link",
        MessageOddities.Malformed => "malformed",
        MessageOddities.Clipped => "clipped",
        _ => throw new ArgumentOutOfRangeException(nameof(oddity)),
    };
}

/// <summary>An odd message that is kept for looking at.</summary>
/// <param name="Kind">What is odd.</param>
/// <param name="Address">For whom it was.</param>
/// <param name="Message">Its beginning.</param>
internal sealed record OddMail(string Kind, string Address, byte[] Message);
