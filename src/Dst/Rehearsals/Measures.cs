// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.Dst.Inbound;
using Tutti.Dst.Journal;
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
    private readonly MeasureCounts _counts;
    private long _activity;
    private bool _isInLine;

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

    /// <summary>
    /// Measures a message that a receiver takes. Call it before the receiver answers: then what was measured stands in the journal's line before the
    /// fate does, and a distributor that is killed has no message accepted that was not measured.
    /// </summary>
    public void Add(ReceivedMail mail, JournalWorker journal)
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
                    var number = _counts.Odd.Values.Sum(count => Math.Min(count, MostExamples)) + 1;
                    if (_counts.AddOdd(kind) <= MostExamples)
                    {
                        _new.Add(new OddMail(number, kind, mail.Recipients[0], mail.Message[..Math.Min(mail.Message.Length, MostKept)].ToArray()));
                    }
                }
            }

            if (_isInLine)
            {
                return;
            }

            _isInLine = true;
        }

        journal.Post(new Entry(this));
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

    /// <summary>All that was measured until it is written.</summary>
    private sealed class Entry(Measures measures) : JournalEntry
    {
        private OddMail[] _written = [];

        public override bool MustLast => true;

        public override void Write(JournalSession session)
        {
            string counts;
            lock (measures._gate)
            {
                // What comes from now on stands in line anew.
                measures._isInLine = false;
                _written = [.. measures._new];
                counts = JsonSerializer.Serialize(measures._counts);
            }

            RehearsalFile.Keep(session, counts, _written);
        }

        public override void Complete()
        {
            lock (measures._gate)
            {
                measures._new.RemoveAll(_written.Contains);
            }
        }
    }
}

/// <summary>An odd message that is kept for looking at.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Kind">What is odd.</param>
/// <param name="Address">For whom it was.</param>
/// <param name="Message">Its beginning.</param>
internal sealed record OddMail(long Number, string Kind, string Address, byte[] Message);
