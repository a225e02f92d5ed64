// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Tutti.Contracts.Feed.V1;
using Tutti.Contracts.Trk.Replacement.V1;
using Tutti.Mail.Links;

namespace Tutti.Trk.Tests.Replacements;

public sealed class ReplacementServiceTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "C-1.2.2")]
    public async Task A_tracker_that_leaves_goes_on_collecting_and_a_retired_one_leads_readers_on_and_counts_nobody()
    {
        await using var tracker = await RunningTracker.Start();
        await tracker.Publish(12, targets: ["https://example.org/a"]);
        var click = RunningTracker.PathOf(LinkKind.Click, 12, link: 1, recipient: 5);
        using (var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{tracker.Server.InternalPort}"))
        {
            var client = new Replacement.ReplacementClient(channel);
            Assert.Equal(StatusCode.FailedPrecondition, (await Assert.ThrowsAsync<RpcException>(async () => await client.RetireAsync(new RetireRequest(), cancellationToken: Ending))).StatusCode);
            Assert.Equal("new:1099", (await client.LeaveAsync(new LeaveRequest { Successor = "new:1099" }, cancellationToken: Ending)).Successor);
            Assert.Equal("new:1099", (await client.LeaveAsync(new LeaveRequest { Successor = "new:1099" }, cancellationToken: Ending)).Successor);
            Assert.Contains("new:1099", (await Assert.ThrowsAsync<RpcException>(async () => await client.LeaveAsync(new LeaveRequest { Successor = "other:1" }, cancellationToken: Ending))).Status.Detail, StringComparison.Ordinal);
            Assert.Equal("", (await client.StayAsync(new StayRequest(), cancellationToken: Ending)).Successor);
            await client.LeaveAsync(new LeaveRequest { Successor = "new:1099" }, cancellationToken: Ending);

            Assert.Equal(HttpStatusCode.Redirect, await tracker.Get(click));
            var report = await tracker.Report();
            Assert.True(report.Ready);
            Assert.Contains(report.Problems, problem => problem.Contains("new:1099 takes its place; both collect. Not fetched yet: 1", StringComparison.Ordinal));

            var state = await client.RetireAsync(new RetireRequest(), cancellationToken: Ending);
            Assert.Equal((true, 1UL, 0UL), (state.Retired, state.Newest, state.Confirmed));
            Assert.Equal(StatusCode.FailedPrecondition, (await Assert.ThrowsAsync<RpcException>(async () => await client.StayAsync(new StayRequest(), cancellationToken: Ending))).StatusCode);
        }

        for (var life = 0; life < 2; life++)
        {
            Assert.Equal(HttpStatusCode.Redirect, await tracker.Get(click));
            using (var unsubscribing = await tracker.Send(HttpMethod.Post, RunningTracker.PathOf(LinkKind.Unsubscribe, 12, recipient: 5), new FormUrlEncodedContent(new Dictionary<string, string> { ["List-Unsubscribe"] = "One-Click" })))
            {
                // Unlike a click it is worth nothing unless it is kept.
                Assert.Equal(HttpStatusCode.ServiceUnavailable, unsubscribing.StatusCode);
            }

            var feed = await tracker.Events.FetchAsync(new FetchRequest(), cancellationToken: Ending);
            Assert.Equal(1UL, feed.Newest);
            var report = await tracker.Report();
            Assert.False(report.Ready);
            Assert.Contains(report.Problems, problem => problem.StartsWith("Retired since", StringComparison.Ordinal));
            await tracker.Restart();
        }
    }
}
