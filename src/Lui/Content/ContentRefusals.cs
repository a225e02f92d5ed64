// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Mail.Composing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Content;

/// <summary>Every "no" about a message.</summary>
internal static class ContentRefusals
{
    public static Refusal NoSubject() => new(RefusalKind.Invalid, "content.no-subject", "The subject is empty. Write one.", "subject");

    public static Refusal SubjectLines() =>
        new(RefusalKind.Invalid, "content.subject-lines", "The subject has more than one line. Take the line breaks out.", "subject");

    public static Refusal NoBody() =>
        new(RefusalKind.Invalid, "content.no-body", "There is neither an HTML nor a text part. Write at least one.", "html");

    public static Refusal TooLarge(string field, int limit) => new(
        RefusalKind.Invalid,
        "content.too-large",
        string.Create(CultureInfo.InvariantCulture, $"The {field} part has more than {limit:N0} characters. Shorten it, and link to what is long."),
        field);

    public static Refusal Missing() => new(RefusalKind.Conflict, "content.missing", "This job has no message yet. Write one first.");

    public static Refusal NoSuchRecipient(long id) => new(
        RefusalKind.NotFound, "content.no-recipient", string.Create(CultureInfo.InvariantCulture, $"This job has no recipient number {id}."), "recipient");

    public static Refusal NotComputed(string problem) =>
        new(RefusalKind.Invalid, "content.not-computed", $"The message cannot be made for this recipient: {problem}");

    /// <summary>What the compiler of messages complains of, at the place where it is.</summary>
    public static Refusal Of(MessageProblem problem)
    {
        var field = char.ToLowerInvariant(problem.Field[0]) + problem.Field[1..];
        return new Refusal(
            RefusalKind.Invalid,
            problem.Line > 0 ? "content.template" : "content.invalid",
            problem.Line > 0
                ? string.Create(CultureInfo.InvariantCulture, $"Line {problem.Line}, column {problem.Column}: {problem.Message}")
                : problem.Message,
            field);
    }
}
