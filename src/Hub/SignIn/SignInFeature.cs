// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Configuration;

namespace Tutti.Hub.SignIn;

internal static class SignInFeature
{
    public static WebApplicationBuilder AddSignIn(this WebApplicationBuilder builder)
    {
        builder.AddSettings<SignInSettings>("SignIn");
        builder.AddSettings<PublicAddressSettings>();
        builder.Services
            .AddSingleton<SignInFailureStore>()
            .AddSingleton<CheckSignIn>()
            .AddSingleton<Standing>()
            .AddSingleton<PublicAddress>()
            .AddSingleton<SignInTickets>()
            .AddSingleton<IssueTicket>();
        return builder;
    }

    public static WebApplication MapSignIn(this WebApplication app)
    {
        app.MapGrpcService<SignInService>();
        app.MapSignInByTicket();
        return app;
    }
}
