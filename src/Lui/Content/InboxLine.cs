// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Composing;
using Tutti.Mail.Merging;
using Tutti.Mail.TextParts;

namespace Tutti.Lui.Content;

/// <summary>What an inbox shows behind the subject of a message.</summary>
internal static class InboxLine
{
    // More than any inbox shows.
    private const int Shown = 200;

    /// <summary>The message's own line, made for a recipient; where it has none, its first words.</summary>
    public static string Of(string preheader, MessagePreview preview, MergeRow data, DateTimeOffset now)
    {
        var line = preheader.Length > 0 && preview.Html is not null ? Made(preheader, data, now) : "";
        return Cut(line.Length > 0 ? line : preview.Html is { } html ? TextFromHtml.Convert(html) : preview.Text ?? "");
    }

    // A subject is made in the same way: one line, nothing escaped.
    private static string Made(string preheader, MergeRow data, DateTimeOffset now) =>
        CompiledMessage.TryCompile(new MessageSource { Subject = preheader, Text = "-", FromAddress = PreviewContent.AnySender.Address }, out var message, out _)
        && message.Plan.TryCompute(data, now, out var values, out _)
            ? MessagePreview.Of(message, values).Subject
            : "";

    private static string Cut(string text)
    {
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length <= Shown ? words : words[..(char.IsHighSurrogate(words[Shown - 1]) ? Shown - 1 : Shown)];
    }
}
