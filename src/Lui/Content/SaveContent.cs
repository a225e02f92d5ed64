// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.DropIns;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Mail.Composing;
using Tutti.Mail.Merging.Filters;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Content;

/// <summary>Saves what a job says. A template that does not parse is refused with its line and column.</summary>
internal sealed class SaveContent(Database database, JobStore jobs, TimeProvider clock)
{
    /// <summary>Longest part in characters.</summary>
    public const int MostCharacters = 1_000_000;

    /// <summary>Longest line behind the subject in characters; inboxes show about a hundred.</summary>
    public const int LongestPreheader = 1000;

    // Compiling needs a sender; whose it is makes no difference to a template.
    private const string AnySender = "sender@example.com";

    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who saves.</param>
    /// <param name="Subject">One line.</param>
    /// <param name="Html">HTML part; empty for none.</param>
    /// <param name="Text">Text part; empty for none.</param>
    /// <param name="Version">The version of the job that people saw, or null.</param>
    /// <param name="BasedOn">The version of the message that people began with, 0 for none; if somebody else has saved since, nothing is overwritten. Null: whatever is there.</param>
    public sealed record Command(long JobId, Actor Who, string Subject, string Html, string Text, long? Version = null, long? BasedOn = null)
    {
        /// <summary>What inboxes show behind the subject.</summary>
        public string Preheader { get; init; } = "";

        /// <summary>Is the text part made from the HTML part?</summary>
        public bool IsTextAutomatic { get; init; }

        /// <summary>In which language numbers, amounts and dates are written; empty: English.</summary>
        public string Language { get; init; } = "";

        /// <summary>The merge field in which a recipient's own language stands; empty for none.</summary>
        public string LanguageField { get; init; } = "";

        internal JobContent Content => new(Subject.Trim(), Html, Text)
        {
            Preheader = Preheader.Trim(),
            IsTextAutomatic = IsTextAutomatic,
            Language = Language.Trim(),
            LanguageField = LanguageField.Trim(),
        };
    }

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var content = command.Content;
        if (Check(content) is { } refusal)
        {
            return refusal;
        }

        var now = clock.GetUtcNow();
        return await database.Write(
            async transaction =>
            {
                if (command.BasedOn is { } seen)
                {
                    // The row of the job is locked first, so that of two who save at once one is told.
                    await jobs.Lock(transaction, command.JobId, cancellationToken);
                    if (await ContentStore.Version(transaction, command.JobId, cancellationToken) != seen)
                    {
                        return ContentRefusals.Overtaken();
                    }
                }

                var outcome = await jobs.Change(
                    transaction,
                    command.JobId,
                    command.Version,
                    job => job.Edited(JobStep.Content, command.Who, now),
                    _ => new JournalEntry(now, command.Who, "content", "Changed the message."),
                    cancellationToken);
                if (!outcome.IsRefused)
                {
                    await ContentStore.Save(transaction, command.JobId, content, now, cancellationToken);
                    await DraftStore.Drop(transaction, command.JobId, command.Who.Id, cancellationToken);
                }

                return outcome;
            },
            cancellationToken);
    }

    private static Refusal? Check(JobContent content)
    {
        if (content.Subject.Length == 0)
        {
            return ContentRefusals.NoSubject();
        }

        if (content.Subject.AsSpan().ContainsAny('\r', '\n'))
        {
            return ContentRefusals.SubjectLines();
        }

        if (string.IsNullOrWhiteSpace(content.Html) && string.IsNullOrWhiteSpace(content.SentText))
        {
            return ContentRefusals.NoBody();
        }

        if (content.Preheader.AsSpan().ContainsAny('\r', '\n') || content.Preheader.Length > LongestPreheader)
        {
            return ContentRefusals.PreheaderLine(LongestPreheader);
        }

        if (content.Language.Length > 0 && !MergeLanguage.IsKnown(content.Language))
        {
            return ContentRefusals.UnknownLanguage(content.Language);
        }

        if (content.Html.Length > MostCharacters)
        {
            return ContentRefusals.TooLarge("html", MostCharacters);
        }

        if (content.Text.Length > MostCharacters)
        {
            return ContentRefusals.TooLarge("text", MostCharacters);
        }

        var sender = new JobSender("", AnySender);
        var source = MessageSources.Of(JobDropIns.WithSystem(content, sender), sender, JobTracking.Personal);
        return CompiledMessage.TryCompile(source, out _, out var problems) ? null : ContentRefusals.Of(problems[0]);
    }
}
