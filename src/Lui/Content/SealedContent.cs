// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Content;

/// <summary>What an authorisation covers of a job's message: subject, the line behind it, and both parts; a text part that is made from the other as it is sent.</summary>
internal sealed class SealedContent(ContentStore contents) : ISealedPart
{
    /// <inheritdoc/>
    public SealedPart Part => SealedPart.Content;

    /// <inheritdoc/>
    public async Task Write(CanonicalForm form, Job job, CancellationToken cancellationToken)
    {
        var content = await contents.Find(job.Id, cancellationToken);
        form.Add("subject", content?.Subject).Add("html", content?.Html).Add("text", content?.SentText);
        if (content is { Preheader.Length: > 0 })
        {
            form.Add("preheader", content.Preheader);
        }

        if (content is not null && content.Language.Length + content.LanguageField.Length > 0)
        {
            form.Add("language", content.Language).Add("language-field", content.LanguageField);
        }
    }
}
