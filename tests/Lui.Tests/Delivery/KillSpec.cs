// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Suppression;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.Delivery;

/// <summary>LUI ends in the middle, peers fail before and after their work, people stop and go on: the receipt adds up, and nobody is handed over twice.</summary>
public abstract class KillSpec : WorldSpec
{
    private const int Recipients = 4000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_order_of_failures_ends_with_a_receipt_that_adds_up_and_nobody_twice(int seed)
    {
        var chance = new Random(seed);
        World.Distributor.Judge = recipient => (recipient.Id % 17) switch
        {
            0 => Wire.Fate.Refused,
            1 => Wire.Fate.InDoubt,
            2 => null,
            _ => Wire.Fate.Accepted,
        };
        var job = await World.Lui.Authorized(Recipients);

        for (var step = 0; step < 25; step++)
        {
            await Happen(chance, job);
        }

        await Calm(job);

        var receipt = await Receipt(job);
        Assert.True(receipt.AddsUp, receipt.ToString());
        Assert.Equal((Recipients, 0L), (receipt.Planned, receipt.Waiting));
        AssertAgreesWithTheDistributor(receipt);
        Assert.Equal(World.Distributor.Taken.Count, World.Distributor.Taken.Select(taken => taken.Recipient.Id).Distinct().Count());
        Assert.All(World.Distributor.Came.GroupBy(batch => batch.Number), group => Assert.Single(group.Distinct()));
        Assert.Equal(JobState.Completed, (await World.Lui.Job(job.Id)).State);
    }

    private void AssertAgreesWithTheDistributor(Tutti.Lui.Reports.Receipt receipt)
    {
        var last = World.Distributor.Events.GroupBy(one => one.RecipientId).Select(group => group.Last().Fate).ToList();
        Assert.Equal(
            (last.Count(fate => fate == Wire.Fate.Accepted), last.Count(fate => fate == Wire.Fate.Refused), last.Count(fate => fate == Wire.Fate.InDoubt)),
            (receipt.Accepted, receipt.Refused, receipt.InDoubt));
        Assert.Equal(World.Distributor.Taken.Count, (int)(receipt.Planned - receipt.Suppressed - OwnWithdrawals()));
        long OwnWithdrawals() => receipt.Withdrawn - last.Count(fate => fate == Wire.Fate.Withdrawn);
    }

    private async Task Happen(Random chance, Job job)
    {
        switch (chance.Next(9))
        {
            case 0:
                World.Distributor.Submitting.Plan(Pick(chance), Pick(chance), Pick(chance));
                break;
            case 1:
                World.Distributor.Opening.Plan(Pick(chance));
                World.Tracker.Publishing.Plan(Pick(chance));
                break;
            case 2:
                World.Distributor.Confirming.Plan(Pick(chance));
                World.Distributor.Fetching.Plan(Pick(chance));
                break;
            case 3:
                await World.KilledInTheMiddle(chance.Next(1, 4));
                break;
            case 4:
                await World.Lui.Read();
                break;
            case 5:
                await World.Lui.Get<StopJob>().Handle(new StopJob.Command(job.Id, Ada), Token);
                break;
            case 6:
                await World.Lui.Get<RetryJob>().Handle(new RetryJob.Command(job.Id, Ada), Token);
                break;
            case 7:
                await World.Lui.Get<SuppressAddress>().Handle(
                    new SuppressAddress.Command([$"r{chance.Next(1, Recipients)}@rcpt.example"], "", Ada), Token);
                break;
            default:
                World.Distributor.Directing.Plan(Pick(chance));
                await World.Lui.Deliver();
                break;
        }
    }

    private async Task Calm(Job job)
    {
        for (var round = 0; round < 3; round++)
        {
            await World.Lui.Get<RetryJob>().Handle(new RetryJob.Command(job.Id, Ada), Token);
            await World.Settle();
            World.Distributor.Decide((_, _) => Wire.Fate.Accepted);
        }

        await World.Settle();
    }

    private static Trick Pick(Random chance) => (Trick)chance.Next(3);
}

public sealed class KillOnSqlite : KillSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class KillOnPostgres(PostgresServer server) : KillSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
