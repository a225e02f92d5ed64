// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Hub.Moves;

/// <summary>Components that change their server.</summary>
internal static class MovesFeature
{
    public static WebApplicationBuilder AddMoves(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<TrackerMoveStore>()
            .AddSingleton<CallTracker>()
            .AddSingleton<MoveComponents>()
            .AddSingleton<RetireTracker>();
        return builder;
    }
}
