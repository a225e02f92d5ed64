// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Lui.Teams;

/// <summary>Who may do what with which job.</summary>
internal static class TeamsFeature
{
    public static WebApplicationBuilder AddTeams(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<PeopleStore>()
            .AddSingleton<RefreshPeople>()
            .AddSingleton<RightsReader>()
            .AddSingleton<TokenHolders>()
            .AddSingleton<TeamStore>()
            .AddSingleton<ReadTeam>()
            .AddSingleton<SetRights>()
            .AddSingleton<TransferJob>();
        return builder;
    }
}
