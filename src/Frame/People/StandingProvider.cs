// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Logging;

namespace Tutti.Frame.People;

/// <summary>Asks again and again for whoever has a page open, since an open page sends no cookie any more.</summary>
internal sealed class StandingProvider(IStanding standing, ILoggerFactory loggers) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    /// <inheritdoc/>
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        SignedIn.Of(authenticationState.User) is { } person && await standing.IsWelcome(person, cancellationToken);
}
