// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Tutti.Lui.Components;
using Tutti.Lui.Files;
using Tutti.Wiring.Transport;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Attachments;

/// <summary>Sees to it that a distributor has the files of a message before it is told of the message. Each is handed over once, whatever number of jobs name it.</summary>
internal sealed class HandOverFiles(StoredFileStore files, Peers peers, TimeProvider clock)
{
    private const int ChunkSize = 512 * 1024;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    /// <summary>Hands over what is missing there. An RPC exception says that it does not answer.</summary>
    public async Task Handle(Wire.Content content, Component distributor, CancellationToken cancellationToken)
    {
        var digests = content.Pieces.Where(piece => piece.File is not null).Select(piece => piece.File.Digest).Distinct().ToList();
        if (digests.Count == 0)
        {
            return;
        }

        var client = new Wire.Files.FilesClient(peers.Dial(distributor.Host, distributor.InternalPort));
        using var patience = new Patience(clock, cancellationToken, _patience);
        var missing = await client.GetMissingAsync(new Wire.FileList { Digests = { digests } }, cancellationToken: patience.Token);
        foreach (var digest in missing.Digests)
        {
            var bytes = await files.Read(Convert.ToHexStringLower(digest.Span), cancellationToken)
                ?? throw new InvalidOperationException($"A message carries the file {Convert.ToHexStringLower(digest.Span)}, and the database does not have it.");
            using var call = client.Take(cancellationToken: patience.Token);
            for (var start = 0; start < bytes.Length; start += ChunkSize)
            {
                await call.RequestStream.WriteAsync(
                    new Wire.FileChunk { Digest = start == 0 ? digest : ByteString.Empty, Content = ByteString.CopyFrom(bytes.AsSpan(start, Math.Min(ChunkSize, bytes.Length - start))) },
                    patience.Token);
            }

            await call.RequestStream.CompleteAsync();
            await call;
        }
    }
}
