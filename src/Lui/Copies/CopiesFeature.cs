// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Lui.Copies;

/// <summary>Copies of jobs and of their parts.</summary>
internal static class CopiesFeature
{
    public static WebApplicationBuilder AddCopies(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<ICopiedPart, CopiedRecipients>()
            .AddSingleton<ICopiedPart, CopiedFiles>()
            .AddSingleton<ICopiedPart, CopiedContent>()
            .AddSingleton<ICopiedPart, CopiedTracking>()
            .AddSingleton<ICopiedPart, CopiedSender>()
            .AddSingleton<ICopiedPart, CopiedSchedule>()
            .AddSingleton<ICopiedPart, CopiedTeam>()
            .AddSingleton<CopyParts>()
            .AddSingleton<CopyJob>();
        return builder;
    }
}
