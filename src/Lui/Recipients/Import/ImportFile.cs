// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Tutti.Lui.Recipients.Csv;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Recipients.Import;

/// <summary>
/// Brings a file into the tables of recipients: one thread reads and checks, another stores, chunk by chunk in
/// transactions of their own. Nobody sees the rows until the job points to them.
/// </summary>
internal sealed class ImportFile(Database database)
{
    // One being filled, one being stored, two between them; they go round.
    private const int Chunks = 4;

    /// <summary>Imports; the rows of a refused or interrupted import are left to whoever called.</summary>
    /// <param name="source">The file's columns and number.</param>
    /// <param name="path">Where the upload lies.</param>
    /// <param name="progress">Is counted up.</param>
    /// <param name="cancellationToken">Stops the import.</param>
    public async Task<Outcome<ImportProgress>> Handle(RecipientSource source, string path, ImportProgress progress, CancellationToken cancellationToken)
    {
        var full = Channel.CreateUnbounded<RecipientChunk>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var empty = Channel.CreateUnbounded<RecipientChunk>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        for (var i = 0; i < Chunks; i++)
        {
            empty.Writer.TryWrite(new RecipientChunk());
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => Read(source, path, empty.Reader, full.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var chunk in full.Reader.ReadAllAsync(stop.Token))
            {
                await database.Write(transaction => ChunkWriter.Write(transaction, source.Id, chunk, stop.Token), stop.Token);
                progress.Add(chunk);
                chunk.Clear();
                empty.Writer.TryWrite(chunk);
            }
        }
        catch
        {
            await stop.CancelAsync();
            await Task.WhenAny(reading);
            throw;
        }

        var (firstInvalid, refused) = await reading;
        if (refused is not null)
        {
            return refused;
        }

        // A rule may find nobody this time; that is not a file without a usable line.
        return progress.Valid > 0 || (source.IsDrawn && progress.Invalid == 0) ? progress : RecipientRefusals.NoValidAddress(source, progress, firstInvalid);
    }

    private static async Task<(SetAside? FirstInvalid, Refusal? Refused)> Read(
        RecipientSource source, string path, ChannelReader<RecipientChunk> empty, ChannelWriter<RecipientChunk> full, CancellationToken cancellationToken)
    {
        try
        {
            var file = CsvFormat.OpenFile(path);
            using var csv = source.Format.Open(file);
            var reader = new RecipientReader(csv, source);
            for (var more = true; more;)
            {
                var chunk = await empty.ReadAsync(cancellationToken);
                more = reader.Read(chunk);
                chunk.BytesRead = file.Position;
                full.TryWrite(chunk);
            }

            return (reader.FirstInvalid, reader.Refused);
        }
        finally
        {
            full.Complete();
        }
    }
}
