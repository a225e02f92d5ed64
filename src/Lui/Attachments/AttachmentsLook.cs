// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Files;

namespace Tutti.Lui.Attachments;

/// <summary>How files are spoken of.</summary>
internal static class AttachmentsLook
{
    /// <summary>Why receivers may refuse a file.</summary>
    public static string Say(FileDanger danger) => danger switch
    {
        FileDanger.Program => AttachmentsWords.DangerProgram,
        FileDanger.Macros => AttachmentsWords.DangerMacros,
        FileDanger.Page => AttachmentsWords.DangerPage,
        FileDanger.Archive => AttachmentsWords.DangerArchive,
    };

    /// <summary>A size in KiB, rounded up.</summary>
    public static string Size(long bytes) => SharedWords.Fill(AttachmentsWords.Kibibytes, SharedWords.Number((bytes + 1023) / 1024));
}
