// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Tests.Listserv;

namespace Tutti.Dst.Tests.Kills;

/// <summary>kill -9 by LISTSERV's mail host itself, while a job for many recipients is on its way: everybody is in one job, and in doubt only where its answer is unknown.</summary>
public sealed class ListservKillTests
{
    // One less than a full job, so that all of them are in one.
    private const int Recipients = 499;

    [Fact]
    public async Task Killed_at_each_moment_of_a_shared_job_everybody_is_in_one_job_and_only_those_of_the_unanswered_one_are_in_doubt()
    {
        await using var host = new JobHost();
        await using var distributor = await DistributorProcess.SetUp(
            "Mode=smarthost", "Smarthost=127.0.0.1:1", "Listserv=lists.example.com", $"ListservMailHost=127.0.0.1:{host.Port}", "ListservUser=tutti@example.com", "ListservPassword=secret", "Connections=1", "StartTls=no", "RetryAfter=1s");
        await distributor.Start();
        foreach (var moment in Enum.GetValues<JobMoment>())
        {
            var job = (ulong)moment + 1;
            string Address(long id) => string.Create(CultureInfo.InvariantCulture, $"user{id}@moment{job}.example");
            var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            host.At = async now =>
            {
                if (now == moment && !killed.Task.IsCompleted)
                {
                    await distributor.Kill();
                    killed.SetResult();
                }
            };
            await distributor.Open(job, delivery => ListservTogetherTests.MakeShared(delivery));
            await distributor.Submit(job, Recipients, id => Address((long)id));
            await killed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            await distributor.Start();

            var settled = await distributor.Until(job, now => now.Waiting + now.Deferred + now.OnTheWire == 0);
            var named = Assert.Single(host.Taken, names => names[0].Split('@')[1] == Address(1).Split('@')[1]);
            Assert.Equal(Enumerable.Range(1, Recipients).Select(id => Address(id)).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
            switch (moment)
            {
                case JobMoment.Named or JobMoment.Writing:
                    Assert.Equal(new Progress { Accepted = Recipients }, settled);
                    break;
                case JobMoment.Ended:
                    Assert.Equal(new Progress { InDoubt = Recipients }, settled);
                    break;
                default:
                    // The answer may not have come to the disk any more, of none of them or, between two commits, of some.
                    Assert.Equal((ulong)Recipients, settled.Accepted + settled.InDoubt);
                    break;
            }
        }

        var events = await distributor.Events();
        Assert.Equal(4 * Recipients, events.Count);
        Assert.Equal(4 * Recipients, events.Select(one => (one.JobId, one.RecipientId)).Distinct().Count());
    }
}
