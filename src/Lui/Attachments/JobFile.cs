// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Mail.Composing;

namespace Tutti.Lui.Attachments;

/// <summary>A file that travels with a job's message.</summary>
/// <param name="Id">Its number.</param>
/// <param name="JobId">The job.</param>
/// <param name="File">As the message names it.</param>
/// <param name="Danger">Why receivers may refuse it, or null.</param>
/// <param name="By">Who added it.</param>
/// <param name="At">When.</param>
internal sealed record JobFile(long Id, long JobId, MessageFile File, FileDanger? Danger, Actor By, DateTimeOffset At)
{
    /// <summary>Whether it is an image for the HTML part, not an attachment.</summary>
    public bool IsImage => File.ContentId is not null;
}
