// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Jobs.Sending;

namespace Tutti.Lui.Approval;

/// <summary>What was approved is what is sent.</summary>
internal static class ApprovalFeature
{
    public static WebApplicationBuilder AddApproval(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<SealStore>()
            .AddSingleton<CheckSeal>()
            .AddSingleton<FourEyes>()
            .AddSingleton<IAuthorizationGate>(services => services.GetRequiredService<FourEyes>())
            .AddSingleton<AskForFourEyes>();
        return builder;
    }
}
