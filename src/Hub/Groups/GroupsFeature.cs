// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Hub.Groups;

internal static class GroupsFeature
{
    public static WebApplicationBuilder AddGroups(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<GroupStore>()
            .AddSingleton<SaveGroup>()
            .AddSingleton<SetEvaluation>()
            .AddSingleton<DeleteGroup>();
        return builder;
    }
}
