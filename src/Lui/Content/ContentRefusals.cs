// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Mail.Composing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Content;

/// <summary>Every "no" about a message.</summary>
internal static class ContentRefusals
{
    public static Refusal NoSubject() => new(RefusalKind.Invalid, "content.no-subject", ContentWords.NoSubject, "subject");

    public static Refusal SubjectLines() =>
        new(RefusalKind.Invalid, "content.subject-lines", ContentWords.SubjectLines, "subject");

    public static Refusal PreheaderLine(int limit) => new(
        RefusalKind.Invalid, "content.preheader", SharedWords.Fill(ContentWords.PreheaderLine, SharedWords.Number(limit)), "preheader");

    public static Refusal UnknownLanguage(string tag) =>
        new(RefusalKind.Invalid, "content.language", SharedWords.Fill(ContentWords.UnknownLanguage, tag), "language");

    public static Refusal NoBody() =>
        new(RefusalKind.Invalid, "content.no-body", ContentWords.NoBody, "html");

    public static Refusal TooLarge(string field, int limit) => new(
        RefusalKind.Invalid,
        "content.too-large",
        SharedWords.Fill(ContentWords.TooLarge, field, SharedWords.Number(limit)),
        field);

    public static Refusal Overtaken() => new(RefusalKind.Conflict, "content.overtaken", ContentWords.Overtaken);

    public static Refusal Missing() => new(RefusalKind.Conflict, "content.missing", ContentWords.Missing);

    public static Refusal NoSuchRecipient(long id) => new(
        RefusalKind.NotFound, "content.no-recipient", SharedWords.Fill(ContentWords.NoSuchRecipient, id.ToString(CultureInfo.InvariantCulture)), "recipient");

    public static Refusal NotComputed(string problem) =>
        new(RefusalKind.Invalid, "content.not-computed", SharedWords.Fill(ContentWords.NotComputed, problem));

    /// <summary>What the compiler of messages complains of, at the place where it is.</summary>
    public static Refusal Of(MessageProblem problem)
    {
        var field = char.ToLowerInvariant(problem.Field[0]) + problem.Field[1..];
        return new Refusal(
            RefusalKind.Invalid,
            problem.Line > 0 ? "content.template" : "content.invalid",
            problem.Line > 0
                ? SharedWords.Fill(ContentWords.ProblemAt, problem.Line.ToString(CultureInfo.InvariantCulture), problem.Column.ToString(CultureInfo.InvariantCulture), problem.Message)
                : problem.Message,
            field);
    }
}
