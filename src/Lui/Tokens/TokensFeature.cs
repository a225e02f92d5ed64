// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Lui.Tokens;

/// <summary>Tokens for programs.</summary>
internal static class TokensFeature
{
    public static WebApplicationBuilder AddTokens(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TokenCommands>();
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        builder.Services.AddAuthorizationBuilder().AddPolicy(
            TokenAuthentication.SchemeName,
            policy => policy.AddAuthenticationSchemes(TokenAuthentication.SchemeName).RequireAuthenticatedUser()
                .RequireAssertion(call => call.Resource is HttpContext context && NeededScope.Opens(call.User, context)));
        return builder;
    }
}
