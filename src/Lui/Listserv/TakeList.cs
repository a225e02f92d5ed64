// SPDX-License-Identifier: Apache-2.0
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
internal sealed class TakeList(Connections connections, TakeRows take, TimeProvider clock)
{
    private const string Address = "ADDRESS";
    private const string Name = "NAME";
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

        return await take.Handle(
            new TakeRows.Command(command.JobId, $"{list}@{connection.Domain}", Address, Name, command.Who), (rows, stop) => Write(connection, list, rows, stop), cancellationToken);
    }

    private async Task<Refusal?> Write(ListservConnection connection, string list, Stream rows, CancellationToken cancellationToken)
    {
        try
        {
            using var patience = new Patience(clock, cancellationToken, _patience);
            using var call = connections.Client(connection.Distributor).Review(new Wire.ListRequest { List = list }, cancellationToken: patience.Token);
            await using var csv = new CsvWriter(rows);
            await csv.Write([Address, Name]);
            var (count, words) = (0L, "");
            await foreach (var page in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                words = page.Words;
                foreach (var subscriber in page.Subscribers.Where(one => one.GetsMail))
                {
                    await csv.Write([subscriber.Address, subscriber.Name]);
                    count++;
                }
            }

            return count > 0 ? null : ListservRefusals.NoSubscribers(list, words);
        }
        catch (RpcException problem)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ListservRefusals.NotRead(list, connection.Distributor.Title, PeerWords.Of(problem));
        }
    }
}
