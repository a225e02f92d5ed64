// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Widgets;
using Tutti.Frame.Words;

namespace Tutti.Lui.Rehearsals;

/// <summary>How rehearsals are said and coloured.</summary>
internal static class RehearsalLook
{
    /// <summary>The word for how it stands.</summary>
    public static string WordOf(RehearsalState state) => state switch
    {
        RehearsalState.Running => RehearsalsWords.StateRunning,
        RehearsalState.Stopping => RehearsalsWords.StateStopping,
        RehearsalState.Done => RehearsalsWords.StateDone,
        RehearsalState.Stopped => RehearsalsWords.StateStopped,
        RehearsalState.Failed or RehearsalState.Dropped => RehearsalsWords.StateFailed,
    };

    /// <summary>Its colour.</summary>
    public static NoteKind KindOf(RehearsalState state) => state switch
    {
        RehearsalState.Done => NoteKind.Done,
        RehearsalState.Failed or RehearsalState.Dropped => NoteKind.Loss,
        RehearsalState.Stopped => NoteKind.Attention,
        RehearsalState.Running or RehearsalState.Stopping => NoteKind.Plain,
    };

    /// <summary>What is odd, in words; a kind that is not known here as the distributor calls it.</summary>
    public static string OddityOf(string kind) => kind switch
    {
        "empty-subject" => RehearsalsWords.EmptySubject,
        "empty-text" => RehearsalsWords.EmptyText,
        "no-plain-text" => RehearsalsWords.NoPlainText,
        "template-remains" => RehearsalsWords.TemplateRemains,
        "missing-link" => RehearsalsWords.MissingLink,
        "malformed" => RehearsalsWords.Malformed,
        "clipped" => RehearsalsWords.Clipped,
        "not-sent" => RehearsalsWords.NotSent,
        _ => kind,
    };

    /// <summary>A size: "9.8 KB".</summary>
    public static string Size(long bytes) => bytes < 1024
        ? SharedWords.Counted(RehearsalsWords.Bytes, bytes)
        : SharedWords.Fill(RehearsalsWords.Kilobytes, (bytes / 1024.0).ToString("N1", CultureInfo.CurrentCulture));

    /// <summary>The span of a forecast.</summary>
    public static string Span(double milliseconds) => SharedWords.Span(TimeSpan.FromMilliseconds(milliseconds));
}
