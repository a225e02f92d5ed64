// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Contracts.Hub.V1;
using Tutti.Hub.Accounts;
using Tutti.Hub.Groups;
using Account = Tutti.Contracts.Hub.V1.Account;

namespace Tutti.Hub.SignIn;

/// <summary>The door through which the components that people sign in to ask the hub.</summary>
internal sealed class SignInService(CheckSignIn checkSignIn, Standing standing, IssueTicket issueTicket, PublicAddress address, AccountStore accounts, GroupStore groups) : Contracts.Hub.V1.SignIn.SignInBase
{
    /// <inheritdoc/>
    public override async Task<CheckReply> Check(CheckRequest request, ServerCallContext context)
    {
        var query = new CheckSignIn.Query(request.Account, request.Password, request.ClientAddress);
        return await checkSignIn.Handle(query, context.CancellationToken) switch
        {
            { Account: { } account } => new CheckReply
            {
                Verdict = SignInVerdict.Accepted,
                Account = new Account
                {
                    Id = (ulong)account.Id,
                    Name = account.Name,
                    DisplayName = account.DisplayName,
                    Administrator = account.Administrator,
                    Stamp = (ulong)account.Stamp,
                    TimeZone = account.TimeZone,
                },
            },
            { LockedUntil: { } until } => new CheckReply { Verdict = SignInVerdict.Locked, LockedUntilMs = until.ToUnixTimeMilliseconds() },
            _ => new CheckReply { Verdict = SignInVerdict.Refused },
        };
    }

    /// <inheritdoc/>
    public override async Task<StandingReply> Standing(StandingRequest request, ServerCallContext context) =>
        new() { Welcome = await standing.Is((long)request.Account, (long)request.Stamp, context.CancellationToken) };

    /// <inheritdoc/>
    public override async Task<TicketReply> IssueTicket(TicketRequest request, ServerCallContext context) =>
        await issueTicket.Handle(request.Account, context.CancellationToken) is { } ticket
            ? new TicketReply { Ticket = ticket, PublicUrl = address.PublicUrl }
            : throw new RpcException(new Status(StatusCode.PermissionDenied, $"The account {request.Account} may not administer the installation."));

    /// <inheritdoc/>
    public override async Task<People> ListPeople(PeopleRequest request, ServerCallContext context) => new()
    {
        Accounts =
        {
            (await accounts.All(context.CancellationToken)).Select(account => new Person
            {
                Id = (ulong)account.Id,
                Name = account.Name,
                DisplayName = account.DisplayName,
                Administrator = account.Administrator,
                Disabled = !account.MaySignIn,
                Mail = account.Mail,
                Group = (ulong)(account.GroupId ?? 0),
                TimeZone = account.TimeZone,
            }),
        },
        Groups =
        {
            (await groups.All(context.CancellationToken)).Select(group => new PeopleGroup
            {
                Id = (ulong)group.Id,
                Name = group.Name,
                FourEyes = group.FourEyes,
                Others = GroupStore.WordOf(group.Others),
                LateSenders = group.LateSenders,
                Evaluation = group.Evaluation,
            }),
        },
        Evaluation = await groups.IsEvaluation(context.CancellationToken),
    };
}
