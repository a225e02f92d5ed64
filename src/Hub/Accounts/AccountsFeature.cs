// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Hub.Accounts;

internal static class AccountsFeature
{
    public static WebApplicationBuilder AddAccounts(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<AccountStore>()
            .AddSingleton(_ => new Passwords())
            .AddSingleton<CreateAccount>()
            .AddSingleton<EditAccount>()
            .AddSingleton<AdmitAccount>()
            .AddSingleton<ResetPassword>();
        return builder;
    }
}
