// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Fates;
using Tutti.Lui.Jobs;
using Tutti.Lui.Returns;

namespace Tutti.Lui.Reports.Signed;

/// <summary>Writes a job's receipt as a signed file: a line about the job, one for each recipient, the sum of exactly those lines, and the signature.</summary>
internal sealed class WriteSignedReceipt(ReceiptKeys keys, RecipientFateStore fates, TimeProvider clock)
{
    /// <summary>Media type of JSON lines.</summary>
    public const string MediaType = "application/jsonl";

    private static readonly string _maker = $"Tutti {typeof(WriteSignedReceipt).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>What a receipt is called in a folder.</summary>
    public static string FileName(Job job) => $"{job.Code}{(job.IsSimulated ? "-simulated" : "")}-receipt.jsonl";

    /// <summary>Writes while it reads; memory does not grow with the job.</summary>
    public async Task Handle(Job job, ListFates.Selection selection, Stream destination, CancellationToken cancellationToken)
    {
        var key = await keys.Current(cancellationToken);
        using var lines = new SignedLines(destination, key);
        await lines.Write(
            new Head("tutti-receipt-1", job.Code, job.Title, Words.Of(job.State), job.IsSimulated, job.StartedAt, job.CompletedAt, clock.GetUtcNow(), _maker, key.Id, "ECDSA P-256 with SHA-256"),
            cancellationToken);

        var counts = new Dictionary<Fate, long>();
        long bounced = 0, complained = 0;
        if (selection.Delivery is { } delivery)
        {
            await foreach (var one in fates.Stream(delivery, FateFilter.All, cancellationToken))
            {
                counts[one.Fate] = counts.GetValueOrDefault(one.Fate) + 1;
                bounced += one.CameBack.Any(back => back.What == CameBack.Bounced) ? 1 : 0;
                complained += one.CameBack.Any(back => back.What == CameBack.Complained) ? 1 : 0;
                await lines.Write(
                    new Line(one.Id, one.Address, Words.Of(one.Fate), one.At, one.Reply, one.Host, one.Attempts, ReturnLook.WordsOf(one.CameBack)), cancellationToken);
            }
        }

        long Of(Fate fate) => counts.GetValueOrDefault(fate);
        await lines.Write(
            new Sum(
                counts.Values.Sum(), Of(Fate.Accepted), Of(Fate.Refused), Of(Fate.Expired), Of(Fate.Suppressed), Of(Fate.Withdrawn), Of(Fate.InDoubt), Of(Fate.Waiting), bounced, complained),
            cancellationToken);
        await lines.Sign(cancellationToken);
    }

    private sealed record Head(
        string Receipt, string Job, string Title, string State, bool Simulated, DateTimeOffset? Started, DateTimeOffset? Completed, DateTimeOffset Made, string By, string Key, string Algorithm);

    private sealed record Line(long Id, string Address, string Fate, DateTimeOffset? Time, string Reply, string Host, long Attempts, string CameBack);

    private sealed record Sum(
        long Planned, long Accepted, long Refused, long Expired, long Suppressed, long Withdrawn, long InDoubt, long Waiting, long Bounced, long Complained);
}
