// SPDX-License-Identifier: Apache-2.0
using System.IO.Pipelines;
using System.Text;
using Grpc.Core;
using Tutti.Lui.Components;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients;
using Tutti.Lui.Recipients.Csv;
using Tutti.Wiring.Outcomes;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Listserv;

/// <summary>
/// Takes the subscribers of a LISTSERV list as the recipients of a job, as they are now: they come like a file with two columns, and are checked and
/// imported like one. Whoever gets no mail from the list (NOMAIL, DIGEST, INDEX) is left out.
/// </summary>
internal sealed class TakeList(Connections connections, UploadRecipients upload, StartImport import, TimeProvider clock)
{
    private static readonly TimeSpan _patience = TimeSpan.FromHours(1);

    /// <param name="JobId">The job.</param>
    /// <param name="Domain">Domain of the LISTSERV.</param>
    /// <param name="List">Name of the list.</param>
    /// <param name="Who">Who takes it.</param>
    public sealed record Command(long JobId, string Domain, string List, Actor Who);

    public async Task<Outcome<RecipientSource>> Handle(Command command, CancellationToken cancellationToken)
    {
        var list = command.List.Trim();
        if ((await connections.List(cancellationToken)).FirstOrDefault(one => string.Equals(one.Domain, command.Domain, StringComparison.OrdinalIgnoreCase)) is not { } connection)
        {
            return ListservRefusals.NoConnection(command.Domain);
        }

        // What is read goes straight on to the disk; a list that breaks off leaves nothing.
        var pipe = new Pipe();
        var reading = Read(connection, list, pipe.Writer, cancellationToken);
        UploadRecipients.Result? uploaded = null;
        Refusal? refused = null;
        try
        {
            (await upload.Handle(
                new UploadRecipients.Command(command.JobId, $"{list}@{connection.Domain}", pipe.Reader.AsStream(), new CsvChoice { HasHeader = true }, command.Who),
                cancellationToken)).Is(out uploaded, out refused);
        }
        catch (ListBrokenException)
        {
            // The reading says why.
        }
        finally
        {
            await pipe.Reader.CompleteAsync();
        }

        return await reading ?? refused ?? await Import(uploaded!.Source, command.Who, cancellationToken);
    }

    private Task<Outcome<RecipientSource>> Import(RecipientSource source, Actor who, CancellationToken cancellationToken) =>
        import.Handle(new StartImport.Command(source.Id, new CsvChoice { HasHeader = true }, who), cancellationToken);

    private async Task<Refusal?> Read(ListservConnection connection, string list, PipeWriter output, CancellationToken cancellationToken)
    {
        var refusal = await Copy(connection, list, output, cancellationToken);
        await output.CompleteAsync(refusal is null ? null : new ListBrokenException());
        return refusal;
    }

    private async Task<Refusal?> Copy(ListservConnection connection, string list, PipeWriter output, CancellationToken cancellationToken)
    {
        try
        {
            using var patience = new Patience(clock, cancellationToken, _patience);
            using var call = connections.Client(connection.Distributor).Review(new Wire.ListRequest { List = list }, cancellationToken: patience.Token);
            var (count, words) = (0L, "");
            await output.WriteAsync("ADDRESS,NAME\r\n"u8.ToArray(), cancellationToken);
            await foreach (var page in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                words = page.Words;
                var lines = new StringBuilder();
                foreach (var subscriber in page.Subscribers.Where(one => one.GetsMail))
                {
                    lines.Append(Quoted(subscriber.Address)).Append(',').Append(Quoted(subscriber.Name)).Append("\r\n");
                    count++;
                }

                if ((await output.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), cancellationToken)).IsCompleted)
                {
                    // Nobody reads on: the upload was refused.
                    return null;
                }
            }

            return count > 0 ? null : ListservRefusals.NoSubscribers(list, words);
        }
        catch (RpcException problem) when (!cancellationToken.IsCancellationRequested)
        {
            return ListservRefusals.NotRead(list, connection.Distributor.Title, PeerWords.Of(problem));
        }
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private sealed class ListBrokenException : IOException;
}
