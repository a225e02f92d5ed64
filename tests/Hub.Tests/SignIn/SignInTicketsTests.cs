// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Tutti.Contracts.Hub.V1;
using Tutti.Hub.SignIn;

namespace Tutti.Hub.Tests.SignIn;

public sealed class SignInTicketsTests(RunningHub hub)
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_ticket_names_its_account_once()
    {
        var tickets = new SignInTickets(_clock);
        var (ada, bo) = (tickets.Issue("ada"), tickets.Issue("bo"));

        Assert.Equal("bo", tickets.Take(bo));
        Assert.Equal("ada", tickets.Take(ada));
        Assert.Null(tickets.Take(ada));
        Assert.Null(tickets.Take(""));
    }

    [Fact]
    public void A_ticket_is_too_old_after_a_minute()
    {
        var tickets = new SignInTickets(_clock);
        var ticket = tickets.Issue("ada");
        _clock.Advance(SignInTickets.Life);

        Assert.Null(tickets.Take(ticket));
    }

    [Fact]
    public async Task An_account_that_may_not_administer_gets_none()
    {
        var client = new Contracts.Hub.V1.SignIn.SignInClient(hub.Channel);

        var given = await client.IssueTicketAsync(new TicketRequest { Account = RunningHub.Account }, cancellationToken: TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.IssueTicketAsync(new TicketRequest { Account = "nobody" }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.NotEqual("", given.Ticket);
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.StartsWith("http://", given.PublicUrl, StringComparison.Ordinal);
    }
}
