// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Reports;

namespace Tutti.Lui.Delivery;

/// <summary>What became of one test message.</summary>
/// <param name="Address">Where it went.</param>
/// <param name="Fate">accepted, refused and so on; waiting while there is none.</param>
/// <param name="At">When that was decided.</param>
/// <param name="Reply">The receiver's reply, or the local reason.</param>
internal sealed record TestMessage(string Address, string Fate, DateTimeOffset? At, string Reply);

/// <summary>A delivery test.</summary>
/// <param name="Test">Its number.</param>
/// <param name="SentAt">When it was begun.</param>
/// <param name="WaitsFor">Why it does not go on, or null.</param>
/// <param name="Messages">One per address.</param>
internal sealed record TestResult(long Test, DateTimeOffset SentAt, string? WaitsFor, IReadOnlyList<TestMessage> Messages);

/// <summary>Lists the delivery tests of a job with the fate of every message, the newest first.</summary>
internal sealed class ListTests(DeliveryStore deliveries, RecipientFateStore fates, WaitStore waits)
{
    public async Task<List<TestResult>> Handle(long jobId, CancellationToken cancellationToken)
    {
        var results = new List<TestResult>();
        foreach (var test in await deliveries.Tests(jobId, cancellationToken))
        {
            var messages = await fates.List(test, after: 0, FateFilter.All, SendTest.MostAddresses, cancellationToken);
            results.Add(new TestResult(
                test.Id,
                test.StartedAt,
                (await waits.Find(test.Id, cancellationToken))?.Reason,
                [.. messages.Select(one => new TestMessage(one.Address, Words.Of(one.Fate), one.At, one.Reply))]));
        }

        return results;
    }
}
