// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Lui.Attachments;

/// <summary>What an administrator decides about files that travel with messages.</summary>
internal sealed record AttachmentSettings
{
    /// <summary>Most attachments and inline images of a message, from 0 to 100. Default 10.</summary>
    [Range(0, 100), Description("Most attachments and inline images that one message may carry. 0 allows none.")]
    public int MaxAttachments { get; init; } = 10;

    /// <summary>Largest sum of all of them in MiB, from 1 to 40. Default 10; in a message they take a third more.</summary>
    [Range(1, 40), Description("Largest size in MiB of all attachments and inline images of one message together; in the message they take a third more.")]
    public int MaxAttachmentMegabytes { get; init; } = 10;
}
