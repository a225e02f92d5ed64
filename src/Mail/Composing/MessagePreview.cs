// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;
using Tutti.Mail.Links;
using Tutti.Mail.Merging;
using Tutti.Mail.Transfer;

namespace Tutti.Mail.Composing;

/// <summary>A message as one recipient will see it, with links that lead straight to their targets.</summary>
public sealed record MessagePreview
{
    private const string NoImage = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";

    /// <summary>The subject in one line.</summary>
    public required string Subject { get; init; }

    /// <summary>The HTML part, if there is one. Not safe to show outside a sandbox.</summary>
    public string? Html { get; init; }

    /// <summary>The text part, if there is one.</summary>
    public string? Text { get; init; }

    /// <summary>Joins a message for a recipient.</summary>
    /// <param name="message">The message.</param>
    /// <param name="values">The recipient's values.</param>
    /// <param name="unsubscribeUrl">What stands in the place of the unsubscribe URL.</param>
    public static MessagePreview Of(CompiledMessage message, MergedValues values, string unsubscribeUrl = "#unsubscribe")
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(values);
        return Of(new Joiner(message, values, unsubscribeUrl, null, default));
    }

    /// <summary>Joins a message with the very links that it carries, except that looking at it does not count as opening it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="values">The recipient's values.</param>
    /// <param name="settings">What the messages of the delivery share.</param>
    /// <param name="bearer">For whom the links stand.</param>
    public static MessagePreview Of(CompiledMessage message, MergedValues values, ComposerSettings settings, Bearer bearer)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(settings);
        return Of(new Joiner(message, values, "", new LinkWriter(settings), bearer));
    }

    private static MessagePreview Of(Joiner joiner)
    {
        return new MessagePreview
        {
            Subject = HeaderText.Collapse(joiner.Join(ContentPart.Subject) ?? ""),
            Html = joiner.Join(ContentPart.Html),
            Text = joiner.Join(ContentPart.Text),
        };
    }

    private sealed class Joiner(CompiledMessage message, MergedValues values, string unsubscribeUrl, LinkWriter? links, Bearer bearer)
    {
        public string? Join(ContentPart part)
        {
            if (message.ElementsOf(part) is not { } elements)
            {
                return null;
            }

            var text = new StringBuilder();
            foreach (var element in elements)
            {
                switch (element)
                {
                    case PartElement.Fixed piece:
                        text.Append(piece.Text);
                        break;
                    case PartElement.Place { Kind: SlotKind.Value } value:
                        Expand(text, values.Values[(int)value.Index], part);
                        break;
                    case PartElement.Place place:
                        text.Append(UrlOf(place.Kind, place.Index, part));
                        break;
                }
            }

            return text.ToString();
        }

        private void Expand(StringBuilder text, ReadOnlySpan<char> value, ContentPart part)
        {
            while (value.IndexOf(LinkMarker.Start) is var start and >= 0)
            {
                text.Append(value[..start]);
                value = value[start..];
                if (LinkMarker.TryRead(value, out var kind, out var link, out var length))
                {
                    text.Append(UrlOf(kind == LinkKind.Click ? SlotKind.Link : kind == LinkKind.Open ? SlotKind.OpenImage : SlotKind.Unsubscribe, link, part));
                    value = value[length..];
                }
                else
                {
                    value = value[1..];
                }
            }

            text.Append(value);
        }

        private string UrlOf(SlotKind kind, uint link, ContentPart part)
        {
            var url = kind switch
            {
                SlotKind.Link when links is not null => Written(LinkKind.Click, link),
                SlotKind.Unsubscribe when links is not null => Written(LinkKind.Unsubscribe, 0),
                SlotKind.Link when link >= 1 && link <= message.Links.Count => message.Links[(int)link - 1].Target,
                SlotKind.OpenImage => NoImage,
                _ => unsubscribeUrl,
            };
            return part == ContentPart.Html ? WebUtility.HtmlEncode(url) : url;
        }

        private string Written(LinkKind kind, uint link)
        {
            var url = new byte[links!.MaxUrl];
            return Encoding.ASCII.GetString(url.AsSpan(0, links.Url(kind, link, bearer, url)));
        }
    }
}
