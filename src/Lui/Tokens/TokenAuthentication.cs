// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tokens;

/// <summary>Recognises programs by the token in <c>Authorization: Bearer</c> (RFC 6750 §2.1).</summary>
internal sealed class TokenAuthentication(
    TokenCommands tokens, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Name of the scheme, and of the policy that asks for it.</summary>
    public const string SchemeName = "token";

    private const string Bearer = "Bearer ";

    /// <inheritdoc/>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        if (await tokens.Use(header[Bearer.Length..].Trim(), Context.RequestAborted) is not { } token)
        {
            return AuthenticateResult.Fail("The token is not valid.");
        }

        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, string.Create(CultureInfo.InvariantCulture, $"token:{token.Id}")),
                new Claim(ClaimTypes.Name, $"{token.Name} (token)"),
                .. token.Scopes.Select(scope => new Claim(NeededScope.Claim, Words.Of(scope))),
            ],
            SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    /// <inheritdoc/>
    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        // RFC 6750 §3.1.
        var needed = Words.Of(NeededScope.Of(Context));
        Response.Headers[HeaderNames.WWWAuthenticate] = $"Bearer error=\"insufficient_scope\", scope=\"{needed}\"";
        await RefusalResult.Of(new Refusal(RefusalKind.Forbidden, "token.scope", SharedWords.Fill(TokensWords.ScopeMissing, needed))).ExecuteAsync(Context);
    }

    /// <inheritdoc/>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        await RefusalResult.Unauthorized().ExecuteAsync(Context);
    }
}
