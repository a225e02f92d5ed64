// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Tutti.Dst.Journal;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Dst.Files;

/// <summary>Takes files from LUI. Each is confirmed when it is on disk, and changes nothing when it comes again.</summary>
internal sealed class FilesService(JournalWorker journal, TimeProvider clock) : Wire.Files.FilesBase
{
    private const int MostBytes = 64 * 1024 * 1024;
    private const int MostAsked = 1000;

    /// <inheritdoc/>
    public override async Task<Wire.FileList> GetMissing(Wire.FileList request, ServerCallContext context)
    {
        if (request.Digests.Count > MostAsked || request.Digests.Any(digest => digest.Length != SHA256.HashSizeInBytes))
        {
            throw Invalid($"At most {MostAsked} files are asked for at once, each by a digest of {SHA256.HashSizeInBytes} bytes.");
        }

        var (digests, now) = (request.Digests.Select(digest => digest.ToByteArray()).ToList(), clock.GetUtcNow().ToUnixTimeMilliseconds());
        var missing = await journal.Write(session => FileStore.Missing(session, digests, now));
        return new Wire.FileList { Digests = { missing.Select(digest => ByteString.CopyFrom(digest)) } };
    }

    /// <inheritdoc/>
    public override async Task<Wire.TakeFileReply> Take(IAsyncStreamReader<Wire.FileChunk> requestStream, ServerCallContext context)
    {
        var digest = Array.Empty<byte>();
        using var content = new MemoryStream();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var chunk = requestStream.Current;
            digest = digest.Length == 0 ? chunk.Digest.ToByteArray() : digest;
            if (content.Length + chunk.Content.Length > MostBytes)
            {
                throw Invalid($"A file that travels with messages has at most {MostBytes / 1024 / 1024} MiB.");
            }

            content.Write(chunk.Content.Span);
        }

        // What is kept under a digest is what was meant, whatever was cut off or mixed up on the way.
        var bytes = content.GetBuffer().AsMemory(0, (int)content.Length);
        if (bytes.IsEmpty || !SHA256.HashData(bytes.Span).AsSpan().SequenceEqual(digest))
        {
            throw Invalid("The bytes that came are not those that the digest names. Hand the file over again.");
        }

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await journal.Write(session => FileStore.Add(session, digest, bytes, now));
        return new Wire.TakeFileReply();
    }

    private static RpcException Invalid(string message) => new(new Status(StatusCode.InvalidArgument, message));
}
