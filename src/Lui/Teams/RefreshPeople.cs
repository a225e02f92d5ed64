// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Grpc.Core;
using Tutti.Contracts.Hub.V1;
using Tutti.Lui.Components;

namespace Tutti.Lui.Teams;

/// <summary>Brings home from HUB who has an account and who works with whom. HUB away, or too old to know: what was last known counts.</summary>
internal sealed class RefreshPeople(PeopleStore people, HubCaller hub, TimeProvider clock)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(4);

    public async Task Handle(CancellationToken cancellationToken)
    {
        try
        {
            using var patience = new Patience(clock, cancellationToken, _patience);
            var list = await new SignIn.SignInClient(hub.Channel()).ListPeopleAsync(new PeopleRequest(), cancellationToken: patience.Token);
            await people.Replace([.. list.Accounts.Select(Of)], [.. list.Groups.Select(Of)], cancellationToken, list.Evaluation);
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            // The refresh of the components says so in the log.
        }
    }

    private static Person Of(Contracts.Hub.V1.Person person) => new(
        person.Id.ToString(CultureInfo.InvariantCulture), person.Name, person.DisplayName, person.Mail, person.TimeZone, person.Administrator, person.Disabled, (long)person.Group);

    private static PersonGroup Of(PeopleGroup group) => new(
        (long)group.Id, group.Name, group.FourEyes, group.Others.Length == 0 ? StepRight.Edit : PeopleStore.RightOf(group.Others))
    {
        LateSenders = group.LateSenders,
        Evaluation = group.Evaluation,
    };
}
