// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using Tutti.Contracts.Feed.V1;
using Tutti.Contracts.Trk.V1;
using Tutti.Mail.Links;

namespace Tutti.Trk.Tests.Publications;

public sealed class PublicationsServiceTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Links_are_known_at_once_and_after_a_restart()
    {
        await using var tracker = await RunningTracker.Start();
        var reply = await tracker.Publications.PublishAsync(RunningTracker.PublicationOf(12, 1, targets: ["https://one.example/", "https://two.example/"]), cancellationToken: Ending);
        Assert.Equal("https://two.example/", await TargetOf(tracker, 12, 2));

        await tracker.Restart();

        Assert.Equal("https://two.example/", await TargetOf(tracker, 12, 2));
        Assert.Equal((await tracker.Events.FetchAsync(new FetchRequest(), cancellationToken: Ending)).FeedId, reply.FeedId);
        Assert.Contains((await tracker.Report()).Figures, figure => figure is { Name: "Jobs with links", Value: 1 });
    }

    [Fact]
    public async Task A_repeated_publication_changes_nothing()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12, targets: "https://one.example/");

        await tracker.Publish(12, targets: "https://another.example/");

        Assert.Equal("https://one.example/", await TargetOf(tracker, 12, 1));
    }

    [Fact]
    public async Task A_higher_number_replaces_the_targets_that_it_names_in_whatever_order_they_arrive()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publications.PublishAsync(RunningTracker.PublicationOf(12, 3, targets: "https://third.example/"), cancellationToken: Ending);
        await tracker.Publications.PublishAsync(RunningTracker.PublicationOf(12, 1, targets: ["https://first.example/", "https://two.example/"]), cancellationToken: Ending);
        await tracker.Publications.PublishAsync(RunningTracker.PublicationOf(12, 2, targets: "https://second.example/"), cancellationToken: Ending);

        Assert.Equal("https://third.example/", await TargetOf(tracker, 12, 1));
        Assert.Equal("https://two.example/", await TargetOf(tracker, 12, 2));
        await tracker.Restart();
        Assert.Equal("https://third.example/", await TargetOf(tracker, 12, 1));
    }

    [Fact]
    public async Task Every_job_keeps_its_own_key()
    {
        await using var tracker = await RunningTracker.Start();
        var other = new LinkKey(8, [.. Enumerable.Repeat((byte)9, LinkKey.SecretLength)]);
        await tracker.Publish(12, targets: "https://one.example/");
        var publication = RunningTracker.PublicationOf(13, targets: "https://other.example/");
        publication.Key.Id = 8;
        publication.Key.Secret = ByteString.CopyFrom(other.Secret);
        await tracker.Publications.PublishAsync(publication, cancellationToken: Ending);
        await tracker.Restart();

        Assert.Equal("https://one.example/", await TargetOf(tracker, 12, 1));
        Assert.Equal("https://other.example/", await TargetOf(tracker, 13, 1, other));
        Assert.Null(await TargetOf(tracker, 13, 1, new LinkKey(8, RunningTracker.Key.Secret)));
    }

    [Fact]
    public async Task Hundreds_of_jobs_are_loaded_at_start()
    {
        await using var tracker = await RunningTracker.Start();
        await Parallel.ForAsync(1, 301, Ending, async (job, _) =>
            await tracker.Publish((ulong)job, targets: [.. Enumerable.Range(1, 20).Select(link => $"https://shop.example/{job}/{link}")]));

        await tracker.Restart();

        Assert.Equal("https://shop.example/277/20", await TargetOf(tracker, 277, 20));
        Assert.Contains((await tracker.Report()).Figures, figure => figure is { Name: "Jobs with links", Value: 300 });
    }

    [Theory]
    [InlineData("")]
    [InlineData("/relative")]
    [InlineData("javascript:alert(1)")]
    [InlineData("ftp://files.example/")]
    [InlineData("https://")]
    public async Task A_target_that_is_no_web_address_is_refused_with_its_number(string target)
    {
        await using var tracker = await RunningTracker.Start();

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await tracker.Publications.PublishAsync(RunningTracker.PublicationOf(12, 1, targets: ["https://one.example/", target]), cancellationToken: Ending));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("Link 2 of job 12", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incomplete_publication_is_refused()
    {
        await using var tracker = await RunningTracker.Start();
        Action<Publication>[] faults =
        [
            publication => publication.JobId = 0,
            publication => publication.Number = 0,
            publication => publication.Key = null,
            publication => publication.Key.Id = 70_000,
            publication => publication.Key.Secret = ByteString.CopyFrom(1, 2, 3),
            publication => publication.TrackingType = 0,
            publication => publication.Links[1].Number = 1,
            publication => publication.Links[1].Number = 0,
        ];

        foreach (var fault in faults)
        {
            var publication = RunningTracker.PublicationOf(12, 1, targets: ["https://one.example/", "https://two.example/"]);
            fault(publication);
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await tracker.Publications.PublishAsync(publication, cancellationToken: Ending));
            Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        }
    }

    [Fact]
    public async Task A_publication_that_the_disk_refuses_is_not_confirmed_and_not_known()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(1, targets: "https://other.example/");
        tracker.Sql("CREATE TRIGGER full BEFORE INSERT ON link BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");

        var refused = await Assert.ThrowsAsync<RpcException>(() => tracker.Publish(12, targets: "https://one.example/"));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Null(await TargetOf(tracker, 12, 1));

        tracker.Sql("DROP TRIGGER full");
        await tracker.Publish(12, targets: "https://one.example/");
        Assert.Equal("https://one.example/", await TargetOf(tracker, 12, 1));
    }

    private static async Task<string?> TargetOf(RunningTracker tracker, ulong jobId, uint link, LinkKey? key = null)
    {
        using var response = await tracker.Send(HttpMethod.Get, LinkPaths.Click + LinkToken.Create(key ?? RunningTracker.Key, LinkKind.Click, jobId, link, 99));
        return response.Headers.TryGetValues("Location", out var target) ? target.Single() : null;
    }
}
