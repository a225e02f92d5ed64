// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Lui.Files;
using Tutti.Mail.Composing;

namespace Tutti.Lui.Attachments;

/// <summary>Shows a message's inline images in a page: what leads to a part of the message becomes the image itself.</summary>
internal sealed class ShowImages(StoredFileStore files)
{
    /// <summary>The HTML part with its images in it.</summary>
    public async Task<string> Handle(string html, IEnumerable<MessageFile> carried, CancellationToken cancellationToken)
    {
        var text = new StringBuilder(html);
        foreach (var image in carried.Where(file => file.ContentId is not null && html.Contains("cid:" + file.PartId, StringComparison.Ordinal)))
        {
            if (await files.Read(image.Digest, cancellationToken) is { } bytes)
            {
                text.Replace("cid:" + image.PartId, $"data:{image.ContentType};base64,{Convert.ToBase64String(bytes)}");
            }
        }

        return text.ToString();
    }
}
