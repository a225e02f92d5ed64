// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Net.Client;
using Tutti.Contracts.Dst.V1;
using Tutti.Contracts.Links.V1;

namespace Tutti.EngineLoad;

/// <summary>Plays the User Interface towards a distributor: hands a delivery over while it is held, and lets it run.</summary>
internal sealed class Deliveries
{
    private const int Size = 10 * 1024;
    private const int BatchSize = 1000;
    private readonly Contracts.Dst.V1.Deliveries.DeliveriesClient _client;

    /// <param name="server">Address of the distributor's internal port.</param>
    public Deliveries(string server) => _client = new(GrpcChannel.ForAddress(server, new GrpcChannelOptions { MaxSendMessageSize = null }));

    /// <summary>Puts recipients into the queue; nothing leaves.</summary>
    public async Task Queue(int job, int count, int domains)
    {
        await _client.OpenAsync(new Delivery
        {
            JobId = (ulong)job,
            Content = Letter.Content(Size),
            EnvelopeSender = "news@sender.example",
            SigningDomain = "sender.example",
            Key = new LinkKey { Id = 1, Secret = ByteString.CopyFrom(new byte[32]) },
            TrackingType = TrackingType.Personal,
            TrackingUrl = "https://click.sender.example",
            DueAtMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
        });
        await _client.DirectAsync(new Direction { JobId = (ulong)job, Number = 1, Course = Course.Hold });
        var batches = Enumerable.Range(0, (count + BatchSize - 1) / BatchSize);
        await Parallel.ForEachAsync(batches, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, cancellationToken) =>
        {
            var batch = new Batch { JobId = (ulong)job, Number = (uint)number + 1 };
            for (var id = (number * BatchSize) + 1; id <= Math.Min(count, (number + 1) * BatchSize); id++)
            {
                var recipient = new Recipient { Id = (ulong)id, Address = $"user{id}@{(domains == 0 ? "rcpt" : $"d{id % domains}")}.example", DisplayName = $"User {id}", Token = (ulong)id };
                recipient.Values.AddRange(Letter.Values(id));
                batch.Recipients.Add(recipient);
            }

            await _client.SubmitAsync(batch, cancellationToken: cancellationToken);
        });
    }

    /// <summary>Lets it run until so many are accepted.</summary>
    /// <returns>Seconds.</returns>
    public async Task<double> Deliver(int job, int accepted)
    {
        var started = Stopwatch.GetTimestamp();
        await _client.DirectAsync(new Direction { JobId = (ulong)job, Number = 2, Course = Course.Run });
        while (true)
        {
            var progress = await _client.GetProgressAsync(new ProgressRequest { JobId = (ulong)job });
            if (progress.Accepted >= (ulong)accepted)
            {
                return Stopwatch.GetElapsedTime(started).TotalSeconds;
            }

            if (progress.Refused + progress.InDoubt + progress.Expired + progress.Suppressed > 0)
            {
                throw new InvalidOperationException($"Not all are accepted: {progress}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
