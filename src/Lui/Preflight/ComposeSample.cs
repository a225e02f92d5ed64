// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Tutti.Lui.Components;
using Tutti.Lui.Content;
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Mail.Addresses;
using Tutti.Mail.Composing;
using Tutti.Mail.Links;

namespace Tutti.Lui.Preflight;

/// <summary>Composes a recipient's message as a distributor will, only with a key that opens nothing and without a signature.</summary>
internal sealed class ComposeSample(ComponentStore components, StoredFileStore files, TimeProvider clock)
{
    // As long as real ones are.
    private const string AnyTracker = "https://tracker.example.org";
    private const ulong AnyToken = ulong.MaxValue;

    /// <summary>The message with CRLF line ends; null if it cannot be composed.</summary>
    public async Task<byte[]?> Handle(PreflightSubject subject, PreflightSample sample, CancellationToken cancellationToken)
    {
        var trackers = await components.List(Component.Trackers, cancellationToken);
        var url = trackers.FirstOrDefault(tracker => tracker.TrackingHost.Length > 0 && (subject.Job.TrackerHost is null || tracker.TrackingHost == subject.Job.TrackerHost))?.PublicUrl;
        var carried = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var digest in subject.Message.Pieces.Select(piece => piece.File?.Digest).OfType<string>().Distinct())
        {
            if (await files.Read(digest, cancellationToken) is not { } bytes)
            {
                return null;
            }

            carried[digest] = bytes;
        }

        var composer = new MessageComposer(subject.Message.Pieces, new ComposerSettings
        {
            JobId = (ulong)subject.Job.Id,
            Key = new LinkKey(ushort.MaxValue, new byte[LinkKey.SecretLength]),
            TrackingUrl = url ?? AnyTracker,
            Tracking = MessageSources.TypeOf(subject.Job.Tracking ?? JobTracking.Personal),
            MessageIdDomain = EmailAddress.TryParse((subject.Job.Sender ?? PreviewContent.AnySender).Address, out var from, out _) ? from.Domain.ToString() : "example.org",
        }, carried);
        var output = new ArrayBufferWriter<byte>();
        var recipient = new MessageRecipient((ulong)sample.Recipient.Id, sample.Recipient.Address, sample.Recipient.DisplayName, AnyToken, sample.Values.Values);
        return composer.TryCompose(output, recipient, clock.GetUtcNow(), out _) ? output.WrittenSpan.ToArray() : null;
    }
}
